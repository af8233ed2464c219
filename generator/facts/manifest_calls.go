package facts

import (
	"path"
	"strings"
)

// Manifests that are programs: Elixir's, Swift's and CocoaPods'. What they compute is left out, without a word.

// readMix reads the tuples of mix.exs that name packages: {:phoenix, "~> 1.7"}, {:telemetry, git: "…"}.
func readMix(m *manifest) {
	eachLine(m.file.Text, func(l line) {
		text := uncomment(l.text)
		for at := strings.Index(text, "{:"); at >= 0; {
			rest := text[at:]
			if name, version, size := mixTuple(rest); name != "" {
				options, _, _ := strings.Cut(rest[size:], "}")
				dev := strings.Contains(options, "only:") && !strings.Contains(options, ":prod")
				m.add(name, version, l.start+at, l.start+at+size, dev)
			}
			next := strings.Index(rest[2:], "{:")
			if next < 0 {
				return
			}
			at += 2 + next
		}
	})
}

// mixTuple reads the tuple that s begins with, up to its version. One of an atom and something else than a version or options, {:ok, pid}, is no
// package.
func mixTuple(s string) (name, version string, size int) {
	name = s[2 : 2+word.span(s[2:])]
	size = 2 + len(name)
	rest, ok := strings.CutPrefix(strings.TrimLeft(s[size:], " "), ",")
	if !ok {
		return "", "", size
	}
	rest = strings.TrimLeft(rest, " ")
	if quoted, ok := strings.CutPrefix(rest, `"`); ok {
		version, after, closed := strings.Cut(quoted, `"`)
		if !closed {
			return "", "", size
		}
		size = len(s) - len(after)
		if strings.Contains(version, "#{") {
			version = ""
		}
		return name, version, size
	}
	if n := word.span(rest); n == 0 || !strings.HasPrefix(rest[n:], ": ") {
		return "", "", size
	}
	return name, "", size
}

// readSwift reads the packages that a Package.swift names: .package(url: "https://acme.example/acme-swift.git", from: "1.2.0"). A package is called
// by the last part of its address, as Swift does; of a path only the name is known.
func readSwift(m *manifest) {
	g := gradleLexer{text: m.file.Text} // words, braces and strings are Swift's too
	call, label := "", ""               // the last call of interest, the word before a string
	at := -1                            // of the open package in m.found
	for {
		token, start, end := g.next()
		switch {
		case start == end:
			return
		case token == `"`:
			if call == "package" {
				at = m.swiftString(strings.Trim(m.file.Text[start:end], `"`), label, at, start, end)
			}
			label = ""
		case token == "\n":
		default:
			if token == "targets" || token == "products" || token == "package" && strings.HasPrefix(m.file.Text[end:], "(") {
				call, at = token, -1
			}
			label = token
		}
	}
}

// swiftString takes a string behind a label, within the arguments of a package, and returns which one that is now.
func (m *manifest) swiftString(text, label string, at, start, end int) int {
	switch {
	case strings.Contains(text, `\(`):
	case label == "url" || label == "path":
		name := strings.TrimSuffix(path.Base(text), ".git")
		if name == "." || name == ".." || name == "/" {
			return -1
		}
		m.add(name, "", start, end, false)
		return len(m.found) - 1
	case at >= 0 && m.found[at].Version == "":
		switch label {
		case "from", "exact", "upToNextMajor", "upToNextMinor":
			m.found[at].Version, m.found[at].At.End = text, end
		}
	}
	return at
}

// readPodfile reads the lines of a Podfile that name pods: pod 'Acme', '~> 4.0'.
func readPodfile(m *manifest) {
	eachLine(m.file.Text, func(l line) {
		if text := strings.TrimSpace(l.text); strings.HasPrefix(text, "pod ") || strings.HasPrefix(text, "pod(") {
			m.gem(l, "pod", false)
		}
	})
}
