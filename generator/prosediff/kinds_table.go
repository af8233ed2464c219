package prosediff

import "fmt"

// findColumns reports a column that came to or went from a table as one change, however many rows it has; and names row and column of a cell.
func (s *skillDiff) findColumns() {
	type table struct {
		file *file
		head int32
	}
	rows := map[table][]*spot{}
	var heads []*spot
	for _, sp := range s.spots {
		if sp.delta == nil {
			continue
		}
		switch sp.kind() {
		case tableHead:
			heads = append(heads, sp)
		case row:
			at := table{sp.b.file, sp.b.doc().blocks[sp.b.block].head}
			rows[at] = append(rows[at], sp)
		}
	}
	for _, head := range heads {
		s.column(head, rows[table{head.b.file, head.b.block}])
	}
}

// column looks whether the head's pair differs by one cell, and claims that cell of the rows.
func (s *skillDiff) column(head *spot, rows []*spot) {
	a, b := len(head.a.text().Reading().segs), len(head.b.text().Reading().segs)
	if a == b || len(head.delta.passages) == 0 {
		return
	}
	action, n := "added", 0
	if a > b {
		action = "removed"
	}
	names := ""
	for _, p := range head.delta.passages {
		side := head.delta.b.Reading().between(p.b0, p.b1)
		if action == "removed" {
			side = head.delta.a.Reading().between(p.a0, p.a1)
		}
		names += " “" + clip(side, 40) + "”"
	}
	var cells []op
	for _, r := range rows {
		if oneSidedOnly(r, action) {
			n++
			r.claimAll()
			cells = append(cells, cellOps(r)...)
		}
	}
	c := s.onSpot(s.add("text-changed", fmt.Sprintf("column%s %s, in %s", names, action, amount(n, "row"))), head, nil)
	c.Action = action
	c.Ops = append(c.Ops, publicOps(cells)...)
	c.Base, c.Revision = s.tablePlace(head.a), s.tablePlace(head.b)
	head.claimAll()
}

// tablePlace returns the lines of the table with the head at.
func (s *skillDiff) tablePlace(at place) *Place {
	d := at.doc()
	last := at.block
	for int(last)+1 < len(d.blocks) && d.blocks[last+1].head == at.block {
		last++
	}
	return s.span(at.file, int(d.blocks[at.block].line), int(d.end(last))-1)
}

// cellOps spells the cells of a row that came or went.
func cellOps(sp *spot) []op {
	var out []op
	for _, p := range sp.delta.passages {
		if p.a0 < p.a1 {
			out = append(out, op{'-', sp.delta.a.Reading().between(p.a0, p.a1)}, op{'=', "\n"})
		} else {
			out = append(out, op{'+', sp.delta.b.Reading().between(p.b0, p.b1)}, op{'=', "\n"})
		}
	}
	return out
}

// oneSidedOnly reports whether a row's cells only came, or only went.
func oneSidedOnly(sp *spot, action string) bool {
	for _, p := range sp.delta.passages {
		if action == "added" && p.a0 != p.a1 || action == "removed" && p.b0 != p.b1 {
			return false
		}
	}
	return true
}

// cellName says in which row and column the first edit of a table row stands: row “ACME_TIMEOUT”, column “Default”.
func cellName(sp *spot) string {
	if sp.kind() != row || len(sp.delta.passages) == 0 {
		return ""
	}
	r := sp.b.text().Reading()
	d := sp.b.doc()
	first, column := "", ""
	if len(r.segs) > 0 {
		from, to := r.seg(0)
		first = clip(r.between(from, to), 40)
	}
	at := sp.delta.passages[0].b0
	if h := d.blocks[sp.b.block].head; h >= 0 {
		head := d.blocks[h].text.Reading()
		for i := range r.segs {
			if from, to := r.seg(i); at >= from && at < to && i < len(head.segs) {
				from, to = head.seg(i)
				column = clip(head.between(from, to), 40)
			}
		}
	}
	if column == "" {
		return fmt.Sprintf("row “%s”", first)
	}
	return fmt.Sprintf("row “%s”, column “%s”", first, column)
}
