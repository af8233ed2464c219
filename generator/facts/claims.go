package facts

// What a text claims. This part of the room cuts prose and code into tokens that are never divided (an inline code span, a URL, an
// environment variable's name, a version) and reads from them what a reviewer asks about: how strong a rule is, what it negates, which
// commands, links, names and files it mentions.
//
// Nothing here understands language. Word lists are data (Words), English, and can be replaced.

// TokenKind says what a Token is.
type TokenKind uint8

// The kinds of tokens. LexProse makes all but Space and Newline, which are white space with a meaning: LexCode makes them.
const (
	Word    TokenKind = iota // letters and digits, with - ' . / : @ inside
	Number                   // 20, 1,000, 20%, 30s
	Version                  // 1.2.3, v0.4.0-rc.1, ^5.70.0
	Env                      // POSTHOG_API_KEY
	Path                     // stages/2-plan.md, package.json, .env
	URL                      // https://…
	Target                   // ](destination "title") of a link or image, one token
	Code                     // `inline code`, with its backticks
	Tag                      // <Note type="x">, within a line
	Emph                     // a run of * or _ that marks emphasis
	Unseen                   // a character that a reader does not see
	Punct                    // any other character; a byte that is not UTF-8
	Space                    // code only: blanks and tabs within a line
	Newline                  // code only: the end of a line, or several
)

// Token is bytes [Start, End) of a text. What lies between two tokens of prose is white space, line ends and, in a block quote, the quote
// markers at the start of lines: it carries no meaning there. Tokens of code lie side by side.
type Token struct {
	Start, End int32
	Kind       TokenKind
}

// Of returns the token's own bytes.
func (t Token) Of(s string) string { return s[t.Start:t.End] }

// Says reports whether the token says something by itself: it is neither white space nor punctuation nor markup.
func (t Token) Says() bool { return t.Kind <= Code }

// SecretSpans returns where the credentials in s stand, as byte offsets, in order.
func SecretSpans(s string) [][2]int {
	var out [][2]int
	for _, found := range secrets(s) {
		out = append(out, [2]int{found.start, found.end})
	}
	return out
}
