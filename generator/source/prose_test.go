package source

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func origin(f *File, line int) Origin    { return Origin{File: f, Line: line} }
func generated(f *File, line int) Origin { return Origin{File: f, Line: line, Generated: true} }

// lines writes a Prose as one row per line: its origin and its text.
func lines(p *Prose) string {
	var b strings.Builder
	for i, text := range strings.Split(strings.TrimSuffix(p.Body, "\n"), "\n") {
		o := p.Origin(i)
		name, mark := "?", ""
		if o.File != nil {
			name = o.File.Path
		}
		if o.Generated {
			mark = "*"
		}
		fmt.Fprintf(&b, "%s:%d%s|%s\n", name, o.Line, mark, text)
	}
	return b.String()
}

func TestBuilder(t *testing.T) {
	a, c := &File{Path: "a"}, &File{Path: "c"}
	two := &Prose{Body: "p1\np2\np3\n", Runs: []Run{{0, origin(c, 5)}, {2, origin(c, 9)}}}
	tests := []struct {
		name  string
		build func(b *Builder)
		want  string
		runs  int
	}{
		{"lines count on", func(b *Builder) { b.Text("x\ny\nz\n", origin(a, 7)) }, "a:7|x\na:8|y\na:9|z\n", 1},
		{"generated lines do not", func(b *Builder) { b.Text("x\ny\n", generated(a, 7)) }, "a:7*|x\na:7*|y\n", 1},
		{"contiguous pieces are one run", func(b *Builder) { b.Text("x\n", origin(a, 1)); b.Text("y\n", origin(a, 2)) }, "a:1|x\na:2|y\n", 1},
		{"a gap makes a run", func(b *Builder) { b.Text("x\n", origin(a, 1)); b.Text("y\n", origin(a, 3)) }, "a:1|x\na:3|y\n", 2},
		{"generated and own are never one run", func(b *Builder) { b.Text("x\n", origin(a, 1)); b.Text("y\n", generated(a, 2)) }, "a:1|x\na:2*|y\n", 2},
		{"first byte gives the origin", func(b *Builder) { b.Text("x", origin(a, 1)); b.Text("y\nz\n", origin(c, 4)) }, "a:1|xy\nc:5|z\n", 2},
		{"three pieces on a line", func(b *Builder) { b.Text("x", origin(a, 1)); b.Text("y", origin(c, 4)); b.Text("z\n", origin(c, 4)) }, "a:1|xyz\n", 1},
		{"nothing is nothing", func(b *Builder) { b.Text("", origin(c, 9)); b.Append(&Prose{}); b.Text("x\n", origin(a, 1)) }, "a:1|x\n", 1},
		{"last line is ended", func(b *Builder) { b.Text("x\ny", origin(a, 1)) }, "a:1|x\na:2|y\n", 1},
		{"prose", func(b *Builder) { b.Text("x\n", origin(a, 1)); b.Append(two) }, "a:1|x\nc:5|p1\nc:6|p2\nc:9|p3\n", 3},
		{"prose on an open line", func(b *Builder) { b.Text("x", origin(a, 1)); b.Append(two) }, "a:1|xp1\nc:6|p2\nc:9|p3\n", 3},
		{"prose continues", func(b *Builder) { b.Text("x\n", origin(c, 4)); b.Append(two) }, "c:4|x\nc:5|p1\nc:6|p2\nc:9|p3\n", 2},
		{"range from within a line", func(b *Builder) { b.AppendRange(two, 4, 7) }, "c:6|2\nc:9|p\n", 2},
		{"range on an open line", func(b *Builder) { b.Text("#", origin(a, 1)); b.AppendRange(two, 4, 9) }, "a:1|#2\nc:9|p3\n", 2},
		{"a range whose line is known", func(b *Builder) { b.AppendFrom(two, 1, 4, 7) }, "c:6|2\nc:9|p\n", 2},
		{"a range in pieces is the whole", func(b *Builder) {
			for i := range two.Body {
				b.AppendRange(two, i, i+1)
			}
		}, "c:5|p1\nc:6|p2\nc:9|p3\n", 2},
		{"item", func(b *Builder) {
			b.AppendItem("- ", &Prose{Body: "r\n\n  s\n", Runs: []Run{{0, origin(a, 3)}}})
			b.AppendItem("- ", two)
		}, "a:3|- r\na:4|\na:5|    s\nc:5|- p1\nc:6|  p2\nc:9|  p3\n", 3},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var b Builder
			tt.build(&b)
			p := b.Prose()
			if d := cmp.Diff(tt.want, lines(p)); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
			if len(p.Runs) != tt.runs {
				t.Errorf("%d runs, want %d: %v", len(p.Runs), tt.runs, p.Runs)
			}
		})
	}
}

func TestBuilderShiftsSlotsAndHeadings(t *testing.T) {
	f := &File{Path: "f"}
	p := &Prose{
		Body: "# A\n[x](u) [y]()\n## B\n", Runs: []Run{{0, origin(f, 1)}},
		Slots:    []Slot{{Start: 8, End: 9, Path: "u"}, {Start: 15, End: 15, Path: "v"}},
		Headings: []Heading{{Offset: 0, Line: 0, Level: 1}, {Offset: 17, Line: 2, Level: 2}},
	}
	check := func(t *testing.T, got *Prose, slots, headings int) {
		t.Helper()
		if len(got.Slots) != slots || len(got.Headings) != headings {
			t.Errorf("%d slots and %d headings, want %d and %d", len(got.Slots), len(got.Headings), slots, headings)
		}
		for _, s := range got.Slots {
			if before := got.Body[:s.Start]; !strings.HasSuffix(before, "](") || got.Body[s.End] != ')' {
				t.Errorf("slot %s stands at %q", s.Path, got.Body[s.Start:])
			}
		}
		for _, h := range got.Headings {
			if !strings.HasPrefix(got.Body[h.Offset:], strings.Repeat("#", h.Level)+" ") || strings.Count(got.Body[:h.Offset], "\n") != h.Line {
				t.Errorf("heading %+v stands at %q", h, got.Body[h.Offset:])
			}
		}
	}
	t.Run("append", func(t *testing.T) {
		var b Builder
		b.Text("one\ntwo\n", origin(f, 1))
		b.Append(p)
		b.Append(p)
		check(t, b.Prose(), 4, 4)
	})
	t.Run("item", func(t *testing.T) {
		var b Builder
		b.AppendItem("10. ", p)
		check(t, b.Prose(), 2, 2)
	})
	t.Run("own slot", func(t *testing.T) {
		var b Builder
		b.Text("see [it](", origin(f, 1))
		b.Slot(Slot{Path: "w"}, "there", origin(f, 1))
		b.Text(")\n", origin(f, 1))
		check(t, b.Prose(), 1, 0)
	})
	t.Run("ranges", func(t *testing.T) {
		for cut := range len(p.Body) + 1 {
			var b Builder
			b.AppendRange(p, 0, cut)
			b.AppendRange(p, cut, len(p.Body))
			got := b.Prose()
			check(t, got, 2, 2)
			if got.Body != p.Body {
				t.Errorf("cut at %d: %q", cut, got.Body)
			}
		}
	})
}

// However a text is cut into pieces, each line keeps the origin of its first byte.
func TestBuilderAgainstBytes(t *testing.T) {
	files := []*File{{Path: "a"}, {Path: "b"}}
	for seed := range uint64(500) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		var b Builder
		var want []Origin // of each byte
		var body strings.Builder
		piece := func() (string, Origin) {
			n := rnd.IntN(6)
			var s strings.Builder
			for range n {
				s.WriteByte("xy\n"[rnd.IntN(3)])
			}
			return s.String(), Origin{File: files[rnd.IntN(2)], Line: 1 + rnd.IntN(3), Generated: rnd.IntN(3) == 0}
		}
		note := func(s string, o Origin) {
			for i := range len(s) {
				want = append(want, o.after(strings.Count(s[:i], "\n")))
			}
			body.WriteString(s)
		}
		for range 8 {
			s, o := piece()
			if rnd.IntN(2) == 0 {
				b.Text(s, o)
				note(s, o)
				continue
			}
			var inner Builder
			inner.Text(s, o)
			inner.Text("\n", o.after(strings.Count(s, "\n")))
			b.Append(inner.Prose())
			note(s+"\n", o)
		}
		p := b.Prose()
		text := strings.TrimSuffix(p.Body, "\n")
		if text != strings.TrimSuffix(body.String(), "\n") && p.Body != body.String() {
			t.Fatalf("seed %d: body %q, want %q", seed, p.Body, body.String())
		}
		start := 0
		for i := range p.Lines() {
			if got := p.Origin(i); got != want[start] {
				t.Fatalf("seed %d: line %d of %q: %+v, want %+v", seed, i, p.Body, got, want[start])
			}
			start += strings.IndexByte(p.Body[start:], '\n') + 1
		}
		for i := 1; i < len(p.Runs); i++ {
			if p.Runs[i].At <= p.Runs[i-1].At || p.Runs[i-1].after(p.Runs[i].At-p.Runs[i-1].At) == p.Runs[i].Origin {
				t.Fatalf("seed %d: runs %+v are not sorted or not merged", seed, p.Runs)
			}
		}
	}
}

// A skill of 100 KB from forty blocks; a project has some hundreds of them.
func BenchmarkBuilder(b *testing.B) {
	f := &File{Path: "f"}
	block := &Prose{Body: strings.Repeat("A line of documentation that has about sixty bytes in it.\n", 45)}
	for i := range 12 {
		block.Runs = append(block.Runs, Run{At: i * 3, Origin: Origin{File: f, Line: 1 + i*4}})
	}
	for i := range 5 {
		block.Slots = append(block.Slots, Slot{Start: i * 300, End: i*300 + 20})
		block.Headings = append(block.Headings, Heading{Offset: i * 400, Line: i * 7, Level: 4})
	}
	b.ReportAllocs()
	for b.Loop() {
		var out Builder
		for range 40 {
			out.Text("### A title\n\n", Origin{File: f, Line: 1, Generated: true})
			out.Append(block)
			out.Text("\n", Origin{File: f, Line: 1, Generated: true})
		}
		if p := out.Prose(); len(p.Body) < 100_000 {
			b.Fatal(len(p.Body))
		}
	}
}
