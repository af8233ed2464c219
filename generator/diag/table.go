package diag

import "slices"

// Row describes one check: its ids never change meaning.
type Row struct {
	ID       string
	Severity Severity // default level
	Fixed    bool     // `checks:` in skillgen.yaml can't change its level
	Purpose  string   // one sentence
}

// Table lists every check, sorted by id.
//
// How to add one: a row here, then diag.New with its id in the room that sees the fault.
var Table = []Row{
	{"config-key", Error, true, "A file of the project holds a key that skillgen does not know, or holds one twice."},
}

// Lookup returns the row of a check.
func Lookup(id string) (Row, bool) {
	i, ok := slices.BinarySearchFunc(Table, id, func(r Row, id string) int {
		if r.ID < id {
			return -1
		} else if r.ID > id {
			return 1
		}
		return 0
	})
	if !ok {
		return Row{}, false
	}
	return Table[i], true
}
