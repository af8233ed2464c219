package prosediff

import (
	"crypto/sha256"
	"encoding/binary"
	"hash/maphash"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"unicode/utf8"
	"unsafe"

	"golang.org/x/text/unicode/norm"

	"skillgen/generator/facts"
)

// text is the bytes of a block, one value for all blocks of one shape that have the same bytes: whatever is found out about them is found
// out once, however many files hold them. It is safe for concurrent use.
type text struct {
	shape shape
	raw   string
	next  *text // another text with the same hash

	key     atomic.Pointer[key]
	reading atomic.Pointer[reading]
	more    atomic.Pointer[insight]
}

// insight is what was found out about a text that few texts are asked for. Each part is computed when it is first asked for.
type insight struct {
	sentences atomic.Pointer[[][]uint32]
	mentions  atomic.Pointer[[]facts.EnvMention]
	danger    atomic.Pointer[[]threat]
}

func (t *text) insight() *insight {
	if m := t.more.Load(); m != nil {
		return m
	}
	t.more.CompareAndSwap(nil, &insight{})
	return t.more.Load()
}

// key is equal for texts that differ in layout only: white space, list markers and their numbers, table padding, * for _.
type key [16]byte

// reading is a text cut into tokens.
type reading struct {
	raw   string
	kind  kind
	toks  []facts.Token
	segs  []int    // index of the first token of each sentence, of each cell, of each line of code
	bag   []uint32 // sorted hashes of the tokens that say something, letters folded
	label string   // what names the block among its neighbours: see label
	title string   // heading: its words without markup, the number too
}

// pool holds the texts of both sides.
type pool struct {
	seed   maphash.Seed
	shards [64]struct {
		sync.Mutex
		texts map[uint64]*text // by hash; those that share one are a list
	}
}

func newPool() *pool {
	p := &pool{seed: maphash.MakeSeed()}
	for i := range p.shards {
		p.shards[i].texts = map[uint64]*text{}
	}
	return p
}

// intern returns the text of a block. raw is not copied, which halves what a comparison holds: it must not change any more.
func (p *pool) intern(s shape, raw []byte) *text {
	hash := maphash.Bytes(p.seed, raw)
	shard := &p.shards[hash%uint64(len(p.shards))]
	shard.Lock()
	defer shard.Unlock()
	first := shard.texts[hash]
	for t := first; t != nil; t = t.next {
		if t.shape == s && t.raw == string(raw) {
			return t
		}
	}
	t := &text{shape: s, raw: unsafe.String(unsafe.SliceData(raw), len(raw)), next: first}
	shard.texts[hash] = t
	return t
}

var scratch = sync.Pool{New: func() any { return &lexing{} }}

// Key returns the text's key.
func (t *text) Key() key {
	if k := t.key.Load(); k != nil {
		return *k
	}
	l := scratch.Get().(*lexing)
	l.read(t.shape, t.raw)
	b := append(l.buf[:0], byte(t.shape.kind), 0, t.shape.depth, t.shape.flags&ordered)
	if t.shape.kind == heading {
		b[1] = t.shape.level
	}
	if t.shape.kind == frontKey {
		b = append(b, frontValue(t.raw)...)
	} else {
		b = l.appendKey(b, t.shape.kind, t.raw)
	}
	sum := sha256.Sum256(b)
	l.buf = b
	scratch.Put(l)
	k := key(sum[:16])
	t.key.Store(&k)
	return k
}

// appendKey appends the canonical tokens to b. Cells and lines of code are told apart, sentences are not.
func (l *lexing) appendKey(b []byte, k kind, raw string) []byte {
	segs := l.segs
	if k != row && k != tableHead && k != code {
		segs = nil
	}
	for i, tok := range l.toks {
		for len(segs) > 0 && segs[0] <= i {
			b, segs = append(b, 1), segs[1:]
		}
		b = append(append(b, canonical(k, raw, tok)...), 0)
	}
	return append(b, byte(len(segs))) // empty cells at the end
}

// Reading returns the text's tokens.
func (t *text) Reading() *reading {
	if r := t.reading.Load(); r != nil {
		return r
	}
	l := scratch.Get().(*lexing)
	l.read(t.shape, t.raw)
	r := &reading{raw: t.raw, kind: t.shape.kind, toks: slices.Clone(l.toks), segs: slices.Clone(l.segs), label: label(t.shape, t.raw, l)}
	r.bag = bagOf(t.raw, r.toks)
	if t.shape.kind == heading {
		r.title = headingText(t.raw)
	}
	scratch.Put(l)
	t.reading.Store(r)
	return r
}

// sentenceBags returns the bag of each sentence. It keeps nothing else of the text: most texts are only looked at for what is gone elsewhere.
func (t *text) sentenceBags() [][]uint32 {
	if bags := t.insight().sentences.Load(); bags != nil {
		return *bags
	}
	l := scratch.Get().(*lexing)
	l.read(t.shape, t.raw)
	bags := segmentBags(&reading{raw: t.raw, toks: l.toks, segs: l.segs}, 0, len(l.segs))
	scratch.Put(l)
	t.insight().sentences.Store(&bags)
	return bags
}

// word returns the token's form in comparisons.
func (r *reading) word(i int) string { return canonical(r.kind, r.raw, r.toks[i]) }

// seg returns the tokens of segment i: [from, to).
func (r *reading) seg(i int) (from, to int) {
	from = r.segs[i]
	if to = len(r.toks); i+1 < len(r.segs) {
		to = r.segs[i+1]
	}
	return from, to
}

// gap returns the bytes between token i-1 and token i: layout.
func (r *reading) gap(i int) string {
	from, to := int32(0), int32(len(r.raw))
	if i > 0 {
		from = r.toks[i-1].End
	}
	if i < len(r.toks) {
		to = r.toks[i].Start
	}
	return r.raw[from:to]
}

// canonical returns the form of a token that is the same for every way to write it: * for _, composed letters, one line end, no blanks
// inside a code span but single ones, no number where the block's number is its place.
func canonical(k kind, raw string, t facts.Token) string {
	s := t.Of(raw)
	switch t.Kind {
	case facts.Emph:
		return strings.ReplaceAll(s, "_", "*")
	case facts.Newline:
		return "\n"
	case facts.Code, facts.Target:
		if strings.ContainsAny(s, "\n\t") || strings.Contains(s, "  ") {
			s = strings.Join(strings.Fields(s), " ")
		}
	case facts.Word:
		if k != code && !isASCII(s) && !norm.NFC.IsNormalString(s) {
			return norm.NFC.String(s)
		}
	}
	return s
}

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// bagOf returns the sorted hashes of what the tokens say.
func bagOf(raw string, toks []facts.Token) []uint32 {
	bag := make([]uint32, 0, len(toks))
	for _, t := range toks {
		if t.Says() {
			bag = append(bag, foldedHash(t.Of(raw)))
		}
	}
	slices.Sort(bag)
	return bag
}

// foldedHash is FNV-1a over s with ASCII letters in lower case. It only feeds similarities; equality is never judged by it.
func foldedHash(s string) uint32 {
	h := uint32(2166136261)
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= 'A' && c <= 'Z' {
			c |= 0x20
		}
		h = (h ^ uint32(c)) * 16777619
	}
	return h
}

// digest is a hash over parts, none of which can run into the next.
func digest(parts ...string) key {
	h := sha256.New()
	var n [8]byte
	for _, p := range parts {
		binary.LittleEndian.PutUint64(n[:], uint64(len(p)))
		h.Write(n[:])
		h.Write([]byte(p))
	}
	return key(h.Sum(nil)[:16])
}
