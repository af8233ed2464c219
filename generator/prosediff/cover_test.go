package prosediff

import (
	"bytes"
	"testing"

	"skillgen/generator/diag"
)

func terminal(s string) string { return diag.Terminal(s) }

// covers checks that every file that differs has a change, and that every line of the base that the revision's file does not have, and the other
// way round, lies within a change of the report.
func covers(t testing.TB, base, revision Side, r *Report) {
	t.Helper()
	type lines struct{ gone, come map[string][][2]int }
	told := lines{map[string][][2]int{}, map[string][][2]int{}}
	whole := map[string]bool{}
	note := func(at *Place, in map[string][][2]int) {
		if at == nil {
			return
		}
		file, line, end := at.File, at.Line, at.EndLine
		if at.Output != nil {
			file, line, end = at.Output.File, at.Output.Line, at.Output.Line+at.EndLine-at.Line
		}
		if line == 0 {
			whole[file] = true
		}
		in[file] = append(in[file], [2]int{line, end})
	}
	for _, c := range r.Changes {
		note(c.Base, told.gone)
		note(c.Revision, told.come)
		if c.ID == "skill-added" || c.ID == "skill-removed" {
			whole[c.Skill] = true
		}
	}
	find := func(s Side, name, path string) []byte {
		for _, skill := range s.Skills {
			for _, f := range skill.Files {
				if skill.Name == name && f.Path == path {
					return f.Data
				}
			}
		}
		return nil
	}
	for _, skill := range revision.Skills {
		for _, f := range skill.Files {
			shown := (&file{folder: &folder{dir: dirOf(skill)}, path: f.Path}).shown()
			old := find(base, skill.Name, f.Path)
			if old == nil || bytes.Equal(old, f.Data) || whole[shown] || whole[skill.Name] {
				continue
			}
			if len(told.gone[shown])+len(told.come[shown]) == 0 {
				t.Errorf("%s differs, and no change says so", shown)
			}
			missing(t, shown, old, f.Data, told.gone[shown])
			missing(t, shown, f.Data, old, told.come[shown])
		}
	}
}

func dirOf(s Skill) string {
	if s.Dir != "" {
		return s.Dir
	}
	return s.Name
}

// missing reports the lines of data that stand nowhere in other, however wrapped, and that no span covers.
func missing(t testing.TB, name string, data, other []byte, spans [][2]int) {
	t.Helper()
	squeezed := func(s []byte) []byte {
		return append(append([]byte(" "), bytes.Join(bytes.Fields(s), []byte(" "))...), ' ')
	}
	there := squeezed(other)
	for i, line := range bytes.Split(bytes.TrimSuffix(data, []byte("\n")), []byte("\n")) {
		if bytes.Contains(there, squeezed(line)) || len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		covered := false
		for _, s := range spans {
			covered = covered || s[0] <= i+1 && i+1 <= s[1]
		}
		if !covered {
			t.Errorf("%s:%d %q differs, and no change covers it", name, i+1, line)
		}
	}
}
