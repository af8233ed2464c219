package prosediff

import gmtext "github.com/yuin/goldmark/text"

// findTable returns the index of the paragraph's line that is a table's header: the one before a delimiter row with as many cells.
// -1 where the paragraph holds no table. Rows are read here, in linear time, and not by an extension of the parser.
func findTable(source []byte, lines *gmtext.Segments) int {
	for i := 1; i < lines.Len(); i++ {
		seg, before := lines.At(i), lines.At(i-1)
		if delimiter := source[seg.Start:seg.Stop]; isDelimiter(delimiter) {
			header := cells(source[before.Start:before.Stop])
			if header.pipes > 0 && len(header.spans) == len(cells(delimiter).spans) {
				return i - 1
			}
		}
	}
	return -1
}

// isDelimiter reports whether row is a delimiter row: cells of dashes, perhaps with a colon at either end.
func isDelimiter(row []byte) bool {
	for _, c := range row {
		if c != '|' && c != '-' && c != ':' && !isBlank(c) {
			return false
		}
	}
	for _, c := range cells(row).spans {
		cell := row[c.start:c.end]
		if len(cell) > 0 && cell[0] == ':' {
			cell = cell[1:]
		}
		if n := len(cell); n > 0 && cell[n-1] == ':' {
			cell = cell[:n-1]
		}
		if len(cell) == 0 {
			return false
		}
		for _, c := range cell {
			if c != '-' {
				return false
			}
		}
	}
	return true
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

// span is bytes [start, end) of a text.
type span struct{ start, end int }

// tableRow is a row of a table cut into cells, without the blanks around them.
type tableRow struct {
	spans []span
	pipes int
}

// cells cuts the row that is all of the text. A pipe divides unless a backslash stands before it, in code spans too.
func cells[T string | []byte](s T) tableRow {
	var r tableRow
	start, end := trim(s, 0, len(s))
	if start < end && s[start] == '|' {
		start++
		r.pipes++
	}
	for i := start; i < end; i++ {
		switch s[i] {
		case '\\':
			i++
		case '|':
			from, to := trim(s, start, i)
			r.spans = append(r.spans, span{from, to})
			r.pipes++
			start = i + 1
		}
	}
	if start < end || len(r.spans) == 0 {
		from, to := trim(s, min(start, end), end)
		r.spans = append(r.spans, span{from, to})
	}
	return r
}

func trim[T string | []byte](s T, from, to int) (int, int) {
	for from < to && isBlank(s[from]) {
		from++
	}
	for from < to && isBlank(s[to-1]) {
		to--
	}
	return from, to
}
