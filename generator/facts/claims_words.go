package facts

import (
	"slices"
	"strings"
)

// Sense is what a word does to the meaning of a sentence, as a set of flags.
type Sense uint8

// A word can have several: "never" negates and binds.
const (
	Negates   Sense = 1 << iota // not, never, without
	Binds                       // a modal: must, should, may, required, optional
	Limits                      // unless, except, only, when possible
	Opposes                     // has an antonym: before, client, enable
	Auxiliary                   // do, does, be: carries no meaning of its own beside a sense word
)

// Alters reports whether the word can turn a sentence around.
func (s Sense) Alters() bool { return s&(Negates|Binds|Limits|Opposes) != 0 }

// Strength orders rules.
type Strength uint8

// Strong is MUST, NEVER, REQUIRED, CRITICAL, DO NOT in capitals or bold. Direct is a plain imperative ("Use X."): weaker than one with
// "must", stronger than "you should use X".
const (
	Unbound Strength = iota
	May
	Should
	Direct
	Must
	Strong
)

func (s Strength) String() string {
	return [...]string{"none", "may", "should", "imperative", "must", "strong must"}[s]
}

// Words are the word lists by which prose is judged: lower case, one word each. They are data, and can be replaced.
type Words struct {
	Negations  []string
	Must       []string // bind fully; in capitals or bold, strongly
	Should     []string
	May        []string
	Emphatic   []string    // those of Must and Negations that are strong in capitals or bold
	Limits     []string    // conditions that weaken
	Auxiliary  []string    // carry no meaning of their own
	Antonyms   [][2]string // either can stand for the opposite of the other
	Imperative []string    // verbs that an instruction begins with
	Openers    []string    // words before the verb of an instruction: please, always, then, first
}

// Lexicon is Words made ready for look-ups. It is immutable and safe for concurrent use.
type Lexicon struct {
	sense      map[string]Sense
	strength   map[string]Strength
	emphatic   map[string]bool
	opposite   map[string][]string
	imperative map[string]bool
	opener     map[string]bool
	longest    int
}

// NewLexicon prepares w.
func NewLexicon(w Words) *Lexicon {
	x := &Lexicon{sense: map[string]Sense{}, strength: map[string]Strength{}, emphatic: set(w.Emphatic), opposite: map[string][]string{}, imperative: set(w.Imperative), opener: set(w.Openers)}
	x.flag(w.Negations, Negates)
	x.flag(w.Limits, Limits)
	x.flag(w.Auxiliary, Auxiliary)
	for strength, words := range map[Strength][]string{May: w.May, Should: w.Should, Must: w.Must} {
		x.flag(words, Binds)
		for _, word := range words {
			x.strength[word] = max(x.strength[word], strength)
		}
	}
	for _, p := range w.Antonyms {
		x.flag(p[:], Opposes)
		x.opposite[p[0]] = append(x.opposite[p[0]], p[1])
		x.opposite[p[1]] = append(x.opposite[p[1]], p[0])
	}
	return x
}

func (x *Lexicon) flag(words []string, s Sense) {
	for _, w := range words {
		x.sense[w] |= s
		x.longest = max(x.longest, len(w))
	}
}

func set(words []string) map[string]bool {
	m := make(map[string]bool, len(words))
	for _, w := range words {
		m[w] = true
	}
	return m
}

// Sense returns what the word w, in any case, does to a sentence.
func (x *Lexicon) Sense(w string) Sense {
	if len(w) < 2 || len(w) > x.longest+2 {
		return 0
	}
	s := x.sense[Plain(w)]
	if s&Negates == 0 && strings.HasSuffix(Plain(w), "n't") {
		s |= Negates
	}
	return s
}

// Opposed reports whether a and b are antonyms.
func (x *Lexicon) Opposed(a, b string) bool {
	return slices.Contains(x.opposite[Plain(a)], Plain(b))
}

// Plain returns w in lower case with a straight apostrophe: the form of the word lists.
func Plain(w string) string {
	return strings.ToLower(strings.ReplaceAll(w, "\u2019", "'"))
}

// English returns the lexicon that is used where a project brings none of its own.
var English = NewLexicon(Words{
	Negations: strings.Fields(`not never no none nothing neither nor cannot can't don't doesn't didn't isn't aren't wasn't weren't won't wouldn't
		shouldn't mustn't couldn't hasn't haven't without forbidden prohibited avoid`),
	Must:     strings.Fields(`must shall required mandatory mustn't forbidden prohibited essential always never`),
	Should:   strings.Fields(`should shouldn't ought recommended recommend prefer preferably prefers ideally`),
	May:      strings.Fields(`may might optional optionally consider`),
	Emphatic: strings.Fields(`must shall required mandatory critical always never mustn't cannot forbidden prohibited not don't only important`),
	Limits:   strings.Fields(`unless except only until optional optionally possible usually typically generally sometimes`),
	Auxiliary: strings.Fields(`do does did be is are was were to you a an the it will would have has had that this then and or please
		also just any`),
	Antonyms: [][2]string{
		{"always", "never"}, {"before", "after"}, {"client", "server"}, {"client-side", "server-side"}, {"clients", "servers"}, {"browser", "server"},
		{"enable", "disable"}, {"enabled", "disabled"}, {"enables", "disables"}, {"enabling", "disabling"}, {"allow", "deny"}, {"allow", "forbid"},
		{"allow", "block"}, {"allows", "blocks"}, {"allowed", "forbidden"}, {"allowed", "denied"}, {"allowed", "blocked"}, {"include", "exclude"}, {"includes", "excludes"},
		{"included", "excluded"}, {"including", "excluding"}, {"first", "last"}, {"true", "false"}, {"public", "private"}, {"sync", "async"},
		{"synchronous", "asynchronous"}, {"synchronously", "asynchronously"}, {"start", "stop"}, {"more", "less"}, {"more", "fewer"}, {"minimum", "maximum"},
		{"min", "max"}, {"least", "most"}, {"above", "below"}, {"with", "without"}, {"all", "none"}, {"every", "no"}, {"safe", "unsafe"}, {"opt-in", "opt-out"},
		{"required", "optional"}, {"mandatory", "optional"}, {"frontend", "backend"}, {"front-end", "back-end"}, {"success", "failure"}, {"succeeds", "fails"},
		{"use", "avoid"}, {"prefer", "avoid"}, {"production", "development"}, {"add", "remove"}, {"adds", "removes"}, {"on", "off"}, {"show", "hide"}, {"open", "close"},
		{"accept", "reject"}, {"inside", "outside"}, {"can", "cannot"}, {"can", "can't"}, {"do", "don't"}, {"valid", "invalid"}, {"trusted", "untrusted"},
		{"encrypted", "unencrypted"}, {"secure", "insecure"}, {"internal", "external"}, {"up", "down"}, {"increase", "decrease"}, {"keep", "drop"}, {"keep", "delete"},
	},
	Openers: strings.Fields(`please always never then first next finally now also just only instead otherwise don't do and or`),
	Imperative: strings.Fields(`accept access add adjust allow append apply ask assign attach avoid await begin build bump call cancel capture change check
		choose clean clear click clone close collect commit compare complete compile configure confirm connect consider consult convert copy
		correct count create customize debug declare define delete deploy describe detect determine disable discard discover document download
		drop edit embed emit enable enforce ensure enter evaluate examine exclude execute exit expect explain export expose extend extract fail
		fetch filter find finish fix flag flush follow forbid format forward generate get give go group guard handle hash head hide hook identify ignore
		implement import include increase inform initialise initialize inject insert inspect install integrate invoke iterate keep launch
		leave limit link list listen load locate log look make map mark match measure mention merge migrate mock modify monitor mount move name
		navigate notify obtain omit open order output override parse pass paste patch perform pick pin place plan point post prefer prefix
		prepare present preserve press prevent print proceed process produce prompt propose protect prove provide publish pull push put query
		raise reach read rebuild recommend record redact redirect reduce refactor refer refresh regenerate register reject release reload
		remember remove rename render repeat replace report represent request require reset resolve respect respond restart restore restrict retain
		retrieve retry return reuse revert review revoke rewrite roll rotate route run sanitize save scan schedule search select send separate serve
		set share ship show shut sign simulate skip sort specify split start state stay stick stop store structure submit supply support suppress
		switch sync tag take tell terminate test throw track transform translate treat trigger trim trust try turn uninstall unset update upgrade upload
		use validate verify view wait walk warn watch wrap write`),
})
