package prosediff

import (
	"encoding/json"
	"fmt"
)

// Level orders changes by how much a reviewer must see them.
type Level uint8

// Mechanical changes are folded into one line, never hidden. The level means "look here"; it is no judgement of the meaning.
const (
	Mechanical Level = iota
	Info
	Warning
	Error
)

var levelNames = [...]string{"mechanical", "info", "warning", "error"}

func (l Level) String() string { return levelNames[l] }

// MarshalJSON writes the level's name.
func (l Level) MarshalJSON() ([]byte, error) { return json.Marshal(l.String()) }

// UnmarshalJSON reads a level's name.
func (l *Level) UnmarshalJSON(data []byte) error {
	var s string
	if err := json.Unmarshal(data, &s); err != nil {
		return fmt.Errorf("reading a level: %w", err)
	}
	level, err := ParseLevel(s)
	*l = level
	return err
}

// ParseLevel returns the level with a name.
func ParseLevel(s string) (Level, error) {
	for i, name := range levelNames {
		if name == s {
			return Level(i), nil
		}
	}
	return 0, fmt.Errorf("%q is no level: error, warning, info and mechanical are", s)
}

// Report is what changed between two sides: the JSON document of schema 1, and what every renderer reads. It is sorted and holds no clock.
type Report struct {
	Schema   int       `json:"schema"`
	Base     Identity  `json:"base"`
	Revision Identity  `json:"revision"`
	Summary  Summary   `json:"summary"`
	Gate     Verdict   `json:"gate"`
	Changes  []*Change `json:"changes"`
	Groups   []*Group  `json:"groups"`
	Notes    []string  `json:"notes"` // what holds for the comparison as a whole, for people
}

// Identity names a side.
type Identity struct {
	Kind   string `json:"kind"`
	Spec   string `json:"spec"`
	Digest string `json:"digest"`
}

// Summary counts entries: a group counts once. Accepted ones are not among the levels.
type Summary struct {
	Error      int    `json:"error"`
	Warning    int    `json:"warning"`
	Info       int    `json:"info"`
	Mechanical int    `json:"mechanical"`
	Stamps     int    `json:"stamps"` // 1 where versions, hashes or line counts that are made anew changed
	Accepted   int    `json:"accepted"`
	Files      Files  `json:"files"`
	Tokens     Tokens `json:"tokens"`
	Semver     Semver `json:"semver"`
}

// Files counts the files of both sides.
type Files struct {
	Added   int `json:"added"`
	Removed int `json:"removed"`
	Changed int `json:"changed"`
	Same    int `json:"same"`
}

// Tokens are the sizes of both sides. Estimated says that nobody counted them exactly.
type Tokens struct {
	Base      int  `json:"base"`
	Revision  int  `json:"revision"`
	Estimated bool `json:"estimated"`
}

// Semver is what the changes ask of the next version.
type Semver struct {
	Bump    string `json:"bump"`    // major, minor, patch, none
	Version string `json:"version"` // the next version; empty where the base's is not known
}

// Verdict is what the gate says. It counts entries that are not accepted, before any display filter.
type Verdict struct {
	FailOn string   `json:"fail_on"`
	Failed bool     `json:"failed"`
	Hits   int      `json:"hits"` // entries at or above the gate
	IDs    []string `json:"ids"`  // their kinds, sorted
}

// Change is one thing that changed, at one place.
type Change struct {
	ID          string   `json:"id"` // row of Kinds
	Level       Level    `json:"level"`
	Area        string   `json:"area"`
	Action      string   `json:"action"` // added, removed, changed, moved, renamed
	Skill       string   `json:"skill"`
	Path        []string `json:"path"`     // headings, outermost first
	Base        *Place   `json:"base"`     // null where it is new
	Revision    *Place   `json:"revision"` // null where it is gone
	Message     string   `json:"message"`  // one sentence without a final full stop
	Evidence    string   `json:"evidence"` // the words that are the reason; may be empty
	Ops         []Op     `json:"ops"`
	MatchedBy   string   `json:"matched_by"` // pass that matched old and new; empty where there is one side only
	Similarity  *float64 `json:"similarity"`
	Group       string   `json:"group"` // id of a group, or empty
	Fingerprint string   `json:"fingerprint"`
	Accepted    bool     `json:"accepted"`

	from, to string   // normalised old and new text: what the fingerprint is made of, with
	pathKey  string   // the headings
	script   string   // the edits alone, normalised: equal edits in different sentences
	section  string   // of a section or file that is gone, and of rules in it: what it held
	rules    int      // of a section or file that is gone: how many rules in it stand nowhere else
	term     bool     // from and to are the words of a term that was renamed
	verbatim bool     // Ops are code: lines are lines
	lead     []string // of a section: its heading and its first sentence, which stand for Ops in a report for people
	focus    *Place   // the lines of Revision that matter, where it has others too; nil for all
	old      *text    // the block of the base that is no longer there
	order    int
}

// Place is lines of a file: the source's where a side was compiled, else the output's.
type Place struct {
	File    string  `json:"file"`
	Line    int     `json:"line"`     // 1-based; 0 for the file as a whole
	EndLine int     `json:"end_line"` // the last line, not the one after it
	Output  *Output `json:"output"`   // where the line stands in the skill; null where File is that already
}

// Output is a line of a skill's file.
type Output struct {
	File string `json:"file"`
	Line int    `json:"line"`
}

// Op is a step from the old text to the new one: equal, delete or insert. Equal and deleted text make the old text, equal and inserted the new
// one, but for three things: long equal text is cut in the middle (Elided counts the bytes), bytes that are no UTF-8 are shown as ⟨0xFF⟩, and
// credentials are cut to their prefix.
type Op struct {
	Op     string `json:"op"`
	Text   string `json:"text"`
	Elided int    `json:"elided,omitempty"`
}

// Group is several changes that are one edit.
type Group struct {
	ID     string   `json:"id"`
	Kind   string   `json:"kind"`  // same-edit, same-words, term, section, file: see Report.group
	Count  int      `json:"count"` // places
	Files  []string `json:"files"`
	Except []string `json:"except"` // skills that still hold the old text
	Skills []string `json:"skills"`
}
