package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"skillgen/generator/facts"
	"skillgen/generator/project"
	"skillgen/generator/source"
)

// These tests hold this repository's own content together: airplanes, pages, tags and templates are written in different weeks, and an agent
// reads them as one.

// moments are the events of the shop that all airplanes share.
var moments = []string{"kit_viewed", "order_placed", "user_logged_in", "user_signed_up"}

// Declared exceptions: names of that form which are no events, and variables that are not the app's.
var (
	noEvents = []string{
		"order_id", "user_id", // properties
		"user_state", "user_agent", "shop_test", // code of single airplanes
		"kit_dart_viewed",  // how not to name one
		"checkout_payment", // a route's name in an example of a plan
	}
	otherVariables = map[string]string{
		"POSTHOG_CLI_API_KEY": "posthog-cli, in CI", "POSTHOG_CLI_PROJECT_ID": "posthog-cli, in CI", "POSTHOG_CLI_HOST": "posthog-cli, in CI", "POSTHOG_CLI_DRY_RUN": "posthog-cli, in CI",
		"POSTHOG_RELEASE_ID": "posthog-cli, in CI",
		"POSTHOG_MW_TAG_MAP": "settings of the Python SDK's middleware", "POSTHOG_MW_CLIENT": "likewise", "POSTHOG_MW_CAPTURE_EXCEPTIONS": "likewise", "POSTHOG_MW_CAPTURE_TRACING_HEADERS": "likewise",
		"HTTP_X_POSTHOG_SESSION_ID": "a request's header, as Django names it", "HTTP_X_POSTHOG_DISTINCT_ID": "likewise",
	}
	hosts = []string{
		"us.i.posthog.com", "eu.i.posthog.com", // where events go
		"us-assets.i.posthog.com", "eu-assets.i.posthog.com", // where posthog-js loads its parts from
		"i.posthog.com", "-assets.i.posthog.com", // the same, after a region that the code puts before them
		"us.posthog.com", "eu.posthog.com", "app.posthog.com", // the product's own pages
	}
)

// content lists the files that agents read, in part or as a whole, of this repository.
func content(t *testing.T, do func(name, text string)) {
	t.Helper()
	top := os.DirFS("../..")
	n := 0
	for _, dir := range []string{"examples", "frameworks", "templates", "website"} {
		err := fs.WalkDir(top, dir, func(name string, e fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case e.IsDir() && (e.Name() == "node_modules" || e.Name() == "__pycache__" || strings.HasPrefix(e.Name(), ".") && e.Name() != "."):
				return fs.SkipDir
			case e.IsDir() || e.Name() == "package-lock.json" || strings.HasSuffix(name, "_test.go") && dir == "templates":
				return nil
			}
			data, err := fs.ReadFile(top, name)
			n++
			do(name, string(data))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if n < 100 {
		t.Fatalf("only %d files: is the content elsewhere?", n)
	}
}

// lineOf says where a match stands.
func lineOf(name, text string, at int) string {
	return fmt.Sprintf("%s:%d", name, 1+strings.Count(text[:at], "\n"))
}

// TestContentEvents holds that one moment has one name everywhere, and that every airplane has all of them.
func TestContentEvents(t *testing.T) {
	named := regexp.MustCompile(`\b(?:user|kit|order|shop|checkout|payment)_[a-z]+(?:_[a-z]+)*\b`)
	sent := map[string]map[string]bool{} // by airplane
	used := map[string]bool{}
	content(t, func(name, text string) {
		for _, at := range named.FindAllStringIndex(text, -1) {
			word := text[at[0]:at[1]]
			used[word] = true
			if !slices.Contains(moments, word) && !slices.Contains(noEvents, word) {
				t.Errorf("%s: %s is no event of the shop; the others call it one of %v", lineOf(name, text, at[0]), word, moments)
			}
			if parts := strings.Split(name, "/"); parts[0] == "examples" && path.Ext(name) != ".md" {
				if sent[parts[1]] == nil {
					sent[parts[1]] = map[string]bool{}
				}
				sent[parts[1]][word] = true
			}
		}
	})
	for airplane, events := range sent {
		for _, m := range moments {
			if !events[m] {
				t.Errorf("examples/%s never captures %s", airplane, m)
			}
		}
	}
	for _, word := range noEvents {
		if !used[word] {
			t.Errorf("the exception %s is needed by nothing any more", word)
		}
	}
}

// TestContentFlights holds that what is flown is expected to send every moment, and a fault.
func TestContentFlights(t *testing.T) {
	p := ownProject(t)
	for _, f := range p.Frameworks {
		switch {
		case f.Verify == nil:
			t.Errorf("%s has no verify", f.ID)
			continue
		case f.Verify.Level != "ci":
			continue
		}
		var expected []string
		for _, e := range f.Verify.Expect {
			expected = append(expected, e.Event.S)
		}
		for _, m := range append([]string{"$$exception"}, moments...) {
			if !slices.Contains(expected, m) && !slices.Contains(expected, strings.TrimPrefix(m, "$")) {
				t.Errorf("%s: verify does not expect %s", f.File.Path, m)
			}
		}
	}
}

// TestContentVariables holds that each variable has one name, but for the prefix that a framework wants of what goes to the browser.
func TestContentVariables(t *testing.T) {
	named := regexp.MustCompile(`\b[A-Z0-9_]*POSTHOG_[A-Z0-9_]+\b`)
	used := map[string]bool{}
	content(t, func(name, text string) {
		for _, at := range named.FindAllStringIndex(text, -1) {
			word := text[at[0]:at[1]]
			used[word] = true
			if strings.HasSuffix(word, "_") { // POSTHOG_MW_…
				continue
			}
			base := word
			for _, prefix := range []string{"NEXT_PUBLIC_", "VITE_", "PUBLIC_"} {
				base = strings.TrimPrefix(base, prefix)
			}
			if base != "POSTHOG_PROJECT_TOKEN" && base != "POSTHOG_HOST" && otherVariables[word] == "" {
				t.Errorf("%s: %s; the project token is POSTHOG_PROJECT_TOKEN everywhere, the host POSTHOG_HOST", lineOf(name, text, at[0]), word)
			}
		}
	})
	for word := range otherVariables {
		if !used[word] {
			t.Errorf("the exception %s is needed by nothing any more", word)
		}
	}
}

// TestContentHosts holds that nothing is sent to a host that PostHog does not have.
func TestContentHosts(t *testing.T) {
	named := regexp.MustCompile(`[a-z0-9-]+(?:\.[a-z0-9-]+)*\.posthog\.com`)
	content(t, func(name, text string) {
		for _, at := range named.FindAllStringIndex(text, -1) {
			if host := text[at[0]:at[1]]; !slices.Contains(hosts, host) {
				t.Errorf("%s: the host %s is none of %v", lineOf(name, text, at[0]), host, hosts)
			}
		}
	})
}

// sdkVersion finds a version that prose gives an SDK: "posthog-js 1.434.18", "`posthog-go` v1.5.2", "posthog-node@5.70.0".
var sdkVersion = regexp.MustCompile("(posthog-js|posthog-node|posthog-go|@posthog/react)[`\"]?[ @]v?([0-9]+\\.[0-9]+\\.[0-9]+)")

// TestContentVersions holds that prose speaks of the version that the airplanes pin, and that they all pin the same one.
func TestContentVersions(t *testing.T) {
	pinned, where := map[string]string{}, map[string]string{}
	content(t, func(name, text string) {
		deps, ok, fs := facts.Dependencies(source.NewFile(name, []byte(text)))
		if !ok || !strings.HasPrefix(name, "examples/") {
			return
		}
		if len(fs) > 0 {
			t.Errorf("%s: %v", name, fs)
		}
		for _, d := range deps {
			sdk, version := path.Base(d.Name), strings.TrimLeft(d.Version, "v")
			if strings.HasPrefix(d.Name, "@posthog/") {
				sdk = d.Name
			}
			if !strings.Contains(d.Name, "posthog") {
				continue
			}
			if before := pinned[sdk]; before != "" && before != version {
				t.Errorf("%s pins %s %s, and %s pins %s", name, sdk, version, where[sdk], before)
			}
			pinned[sdk], where[sdk] = version, name
			if strings.ContainsAny(version, "^~*<>x ") {
				t.Errorf("%s: %s is not pinned: %s", name, sdk, d.Version)
			}
		}
	})
	for _, sdk := range []string{"posthog-js", "posthog-node", "posthog-go", "@posthog/react"} {
		if pinned[sdk] == "" {
			t.Errorf("no airplane pins %s: %v", sdk, pinned)
		}
	}
	mentions := 0
	content(t, func(name, text string) {
		for _, at := range sdkVersion.FindAllStringSubmatchIndex(text, -1) {
			sdk, version := text[at[2]:at[3]], text[at[4]:at[5]]
			mentions++
			if version != pinned[sdk] {
				t.Errorf("%s: speaks of %s %s; %s pins %s", lineOf(name, text, at[0]), sdk, version, where[sdk], pinned[sdk])
			}
		}
	})
	if mentions < 10 {
		t.Errorf("only %d mentions of versions: does the expression still fit?", mentions)
	}
}

// npmLock is what the tests read of a package-lock.json (lockfileVersion 3).
type npmLock struct {
	Version  int `json:"lockfileVersion"`
	Packages map[string]struct {
		Resolved, Integrity                                 string
		Link                                                bool
		Dependencies, OptionalDependencies, DevDependencies map[string]string
		PeerDependencies                                    map[string]string
		PeerDependenciesMeta                                map[string]struct{ Optional bool }
	}
}

// TestContentLocks holds that npm ci works on every platform and with any registry: each dependency of each package has an entry, optional ones
// too, with its sha512, and no entry says where it was downloaded.
func TestContentLocks(t *testing.T) {
	top := os.DirFS("../..")
	names, err := fs.Glob(top, "examples/*/package-lock.json")
	if err != nil || len(names) < 5 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		data, err := fs.ReadFile(top, name)
		if err != nil {
			t.Fatal(err)
		}
		for _, fault := range lockFaults(data) {
			t.Errorf("%s: %s", name, fault)
		}
	}
}

func lockFaults(data []byte) (faults []string) {
	var lock npmLock
	if err := json.Unmarshal(data, &lock); err != nil || lock.Version != 3 || len(lock.Packages) < 2 {
		return []string{fmt.Sprintf("no lock of version 3: %v", err)}
	}
	for at, p := range lock.Packages {
		if p.Resolved != "" {
			faults = append(faults, at+" names where it was downloaded")
		}
		if at != "" && !p.Link && !strings.HasPrefix(p.Integrity, "sha512-") {
			faults = append(faults, at+" has no sha512")
		}
		needs := []map[string]string{p.Dependencies, p.OptionalDependencies}
		if at == "" {
			needs = append(needs, p.DevDependencies)
		}
		for _, list := range needs {
			for dependency := range list {
				if !installed(lock, at, dependency) {
					faults = append(faults, fmt.Sprintf("%q needs %s, which has no entry", at, dependency))
				}
			}
		}
		for dependency := range p.PeerDependencies {
			if !p.PeerDependenciesMeta[dependency].Optional && !installed(lock, at, dependency) {
				faults = append(faults, fmt.Sprintf("%q needs %s beside it, which has no entry", at, dependency))
			}
		}
	}
	slices.Sort(faults)
	return faults
}

// installed looks a dependency up as Node does: in the package's own folder, then in those around it.
func installed(lock npmLock, at, dependency string) bool {
	for {
		if _, ok := lock.Packages[path.Join(at, "node_modules", dependency)]; ok {
			return true
		}
		if at == "" {
			return false
		}
		if i := strings.LastIndex(at, "/node_modules/"); i >= 0 {
			at = at[:i]
		} else {
			at = ""
		}
	}
}

// TestLockFaults breaks a lock by hand.
func TestLockFaults(t *testing.T) {
	good := `{"lockfileVersion": 3, "packages": {"": {"dependencies": {"a": "1"}}, "node_modules/a": {"integrity": "sha512-x", "optionalDependencies": {"b": "1"}}, "node_modules/a/node_modules/b": {"integrity": "sha512-y"}}}`
	if faults := lockFaults([]byte(good)); len(faults) > 0 {
		t.Fatal(faults)
	}
	for _, c := range []struct{ old, new, want string }{
		{`"node_modules/a/node_modules/b"`, `"node_modules/c"`, `"node_modules/a" needs b, which has no entry`},
		{`"integrity": "sha512-y"`, `"integrity": "sha1-y"`, "has no sha512"},
		{`"integrity": "sha512-y"`, `"integrity": "sha512-y", "resolved": "https://registry.example/b.tgz"`, "names where it was downloaded"},
		{`"optionalDependencies"`, `"peerDependencies": {"d": "1"}, "optionalDependencies"`, "needs d beside it"},
		{`"lockfileVersion": 3`, `"lockfileVersion": 1`, "no lock of version 3"},
	} {
		faults := strings.Join(lockFaults([]byte(strings.Replace(good, c.old, c.new, 1))), "\n")
		if !strings.Contains(faults, c.want) {
			t.Errorf("%s: %s", c.want, faults)
		}
	}
}

// ownProject is this repository as a project.
func ownProject(t *testing.T) *project.Project {
	t.Helper()
	tree, err := source.Open("../..")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tree.Close() })
	p, _, err := project.Load(tree, project.Options{})
	if err != nil || p == nil {
		t.Fatal(err)
	}
	return p
}
