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
	{"dist-blocked", Error, true, "A file that skillgen did not write, or that was edited since, stands where build must write."},
	{"dist-case", Error, true, "Two outputs have paths that differ only by case, or one would have to be a file and a folder at once."},
	{"dist-edited", Warning, false, "A file that skillgen once wrote to dist was edited since; it has no place any more and is not removed."},
	{"dist-report", Warning, false, "The report.json in dist is broken or lists impossible paths, so what it lists is not touched."},
	{"hidden-text", Error, true, "A file holds characters that a reader does not see and an agent does."},
	{"manifest", Warning, false, "A package manifest of a model airplane does not parse, so its versions are not known."},
	{"secret", Error, true, "A file holds a credential."},
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
