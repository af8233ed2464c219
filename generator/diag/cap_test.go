package diag

import "testing"

func TestCap(t *testing.T) {
	var fs []Finding
	for line := range 5 {
		for _, file := range []string{"a", "b"} {
			fs = append(fs, Finding{ID: "yaml", Severity: Error, Place: Place{File: file, Line: line + 1}, Message: "m"})
		}
	}
	fs = Sort(append(fs, Finding{ID: "secret", Place: Place{File: "a", Line: 9}}))
	got := Cap(fs, 3)
	if len(got) != 9 || got[3].Message != "2 more findings of this check in this file, from here on" || got[3].Place.Line != 4 || got[3].Severity != Error ||
		got[4].ID != "secret" || got[8].Place != (Place{File: "b", Line: 4}) {
		t.Errorf("got %+v", got)
	}
	if got := Cap(fs, 4); len(got) != len(fs) {
		t.Errorf("one that is left out is shown instead of its count: got %d, want %d", len(got), len(fs))
	}
	if got := Cap(nil, 3); len(got) != 0 {
		t.Errorf("got %v", got)
	}
}
