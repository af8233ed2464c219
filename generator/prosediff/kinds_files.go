package prosediff

import (
	"bytes"
	"fmt"
	"path"
	"slices"
	"strings"
)

// isStage reports whether a file is a stage of a workflow: stages/2-plan.md.
func isStage(p string) bool {
	return unnumbered(p) != "" && path.Base(path.Dir(p)) == "stages"
}

// isScript reports whether an agent may run the file.
func isScript(f *file) bool {
	if f.content != plainC {
		return false
	}
	if bytes.HasPrefix(f.data, []byte("#!")) || strings.HasPrefix(f.path, "scripts/") || strings.Contains(f.path, "/scripts/") {
		return true
	}
	switch strings.ToLower(path.Ext(f.path)) {
	case ".sh", ".bash", ".zsh", ".fish", ".py", ".js", ".mjs", ".cjs", ".ts", ".rb", ".pl", ".php", ".ps1", ".bat", ".cmd", ".lua":
		return true
	}
	return false
}

// findFiles looks at files as a whole: what is gone, new or renamed, and what can only be compared by its bytes.
func (s *skillDiff) findFiles() {
	for _, p := range s.files {
		switch {
		case !p.changed():
		case p.a == nil || p.b == nil:
			s.oneSided(p)
		default:
			s.renamedFile(p)
			s.changedFile(p)
		}
	}
	s.stageOrder()
}

func (s *skillDiff) oneSided(p filePair) {
	f, verb, id := p.a, "is gone", "reference-removed"
	if p.a == nil {
		f, verb, id = p.b, "is new", "reference-added"
	}
	switch {
	case f.content == blob:
		id = "binary-changed"
	case isScript(f):
		id = "script-changed"
	case isStage(f.path) && p.a == nil:
		id = "stage-added"
	case isStage(f.path):
		id = "stage-removed"
	}
	c := s.onFile(s.add(id, fmt.Sprintf("the file %s %s", clip(f.path, 100), verb)), p)
	s.claimIn(f, 0, int32(len(f.document().blocks)), c)
}

// claimIn marks the blocks [from, to) of f that are gone or new as explained by c.
func (s *skillDiff) claimIn(f *file, from, to int32, c *Change) {
	for i := from; i < to; i++ {
		for _, at := range []map[place]*leftover{s.goneAt, s.comeAt} {
			if l := at[place{f, i}]; l != nil && !l.claimed {
				l.claimed, l.inside = true, c
			}
		}
	}
}

func (s *skillDiff) renamedFile(p filePair) {
	if p.a.path == p.b.path {
		return
	}
	id := "reference-renamed"
	switch n := unnumbered(p.a.path); {
	case n != "" && n == unnumbered(p.b.path):
		id = "renumbered-only"
	case isStage(p.a.path) && isStage(p.b.path):
		id = "stage-renamed"
	}
	c := s.onFile(s.add(id, fmt.Sprintf("%s is now %s", clip(p.a.path, 100), clip(p.b.path, 100))), p)
	c.from, c.to = p.a.path, p.b.path
}

func (s *skillDiff) changedFile(p filePair) {
	switch {
	case p.a.content == blob || p.b.content == blob:
		if !bytes.Equal(p.a.data, p.b.data) {
			s.onFile(s.add("binary-changed", fmt.Sprintf("%d bytes became %d", len(p.a.data), len(p.b.data))), p)
		}
	case isScript(p.b):
		for _, sp := range s.spots {
			if sp.b.file == p.b && sp.open() {
				s.onSpot(s.add("script-changed", "a script that an agent may run changed"), sp, nil)
				sp.claimAll()
			}
		}
	}
}

// stageOrder compares the order of the stages that both versions have.
func (s *skillDiff) stageOrder() {
	var stages []filePair
	for _, p := range s.files {
		if p.a != nil && p.b != nil && isStage(p.a.path) && isStage(p.b.path) {
			stages = append(stages, p)
		}
	}
	order := func(of func(filePair) string) []string {
		sorted := slices.Clone(stages)
		slices.SortStableFunc(sorted, func(x, y filePair) int { return stageNumber(of(x)) - stageNumber(of(y)) })
		var names []string
		for _, p := range sorted {
			names = append(names, strings.TrimSuffix(strings.TrimLeft(path.Base(p.b.path), "0123456789-_. "), ".md"))
		}
		return names
	}
	before := order(func(p filePair) string { return p.a.path })
	after := order(func(p filePair) string { return p.b.path })
	if slices.Equal(before, after) {
		return
	}
	c := s.add("stage-reordered", "the order of stages was "+strings.Join(before, ", ")+", and is "+strings.Join(after, ", "))
	c.Base, c.Revision = s.filePlace(stages[0].a), s.filePlace(stages[0].b)
	c.from, c.to = strings.Join(before, "\x00"), strings.Join(after, "\x00")
	c.Action = "moved"
}

func stageNumber(p string) int {
	n := 0
	for _, c := range path.Base(p) {
		if c < '0' || c > '9' || n > 1e6 {
			break
		}
		n = 10*n + int(c-'0')
	}
	return n
}
