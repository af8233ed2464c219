package facts

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

var kindNames = map[TokenKind]string{Word: "w", Number: "n", Version: "v", Env: "env", Path: "path", URL: "url", Target: "to", Code: "code", Tag: "tag", Emph: "em", Unseen: "hid", Punct: "p", Space: "sp", Newline: "nl"}

func spell(s string, toks []Token) string {
	var out []string
	for _, t := range toks {
		out = append(out, kindNames[t.Kind]+":"+t.Of(s))
	}
	return strings.Join(out, " ")
}

func TestLexProse(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"Do **not** store", "w:Do em:** w:not em:** w:store"},
		{"_a_ snake_case *", "em:_ w:a em:_ w:snake_case p:*"},
		{"call `a  b` and ``x`y``.", "w:call code:`a  b` w:and code:``x`y`` p:."},
		{"an ` alone and `b`", "w:an code:` alone and ` w:b p:`"},
		{"``` x `y`", "p:``` w:x code:`y`"},
		{"[the docs](https://a.b/c_(d) \"T\") now", "p:[ w:the w:docs to:](https://a.b/c_(d) \"T\") w:now"},
		{"[x](<a b.md>) [y](a b)", "p:[ w:x to:](<a b.md>) p:[ w:y p:] p:( w:a w:b p:)"},
		{"see https://a.b/c?d=1. Or <https://x.y>!", "w:see url:https://a.b/c?d=1 p:. w:Or url:<https://x.y> p:!"},
		{"(https://a.b/c)", "p:( url:https://a.b/c p:)"},
		{"set POSTHOG_API_KEY=x or $HOME_DIR", "w:set env:POSTHOG_API_KEY p:= w:x w:or env:$HOME_DIR"},
		{"v1.2.3 ^5.70.0 1.10 20 1,000 30s 50% 2nd", "v:v1.2.3 v:^5.70.0 v:1.10 n:20 n:1,000 n:30s n:50% n:2nd"},
		{"edit src/app/page.tsx and package.json, .env ./x and/or e.g. a", "w:edit path:src/app/page.tsx w:and path:package.json p:, path:.env path:./x w:and/or w:e.g p:. w:a"},
		{"app/[id]/page.tsx", "w:app p:/ p:[ w:id p:] path:/page.tsx"},
		{"don't don’t server-side @scope/pkg --flag 'q'", "w:don't w:don’t w:server-side w:@scope/pkg w:--flag p:' w:q p:'"},
		{"<Note type=\"x\">a</Note> a < b <!-- c -->", "tag:<Note type=\"x\"> w:a tag:</Note> w:a p:< w:b p:< p:! p:- p:- w:c p:- p:- p:>"},
		{"a\u200bb \xff é 漢字", "w:a hid:\u200b w:b p:\xff w:é w:漢 w:字"},
		{"a \\* b\\\nc", "w:a p:\\* w:b w:c"},
		{"x… --- --", "w:x p:… p:- p:- p:- p:- p:-"},
	} {
		if got := spell(c.in, LexProse(nil, c.in, false)); got != c.want {
			t.Errorf("%q:\n got %s\nwant %s", c.in, got, c.want)
		}
	}
	if got := spell("> a > b\n> > c", LexProse(nil, "> a > b\n> > c", true)); got != "w:a p:> w:b w:c" {
		t.Errorf("quoted: %s", got)
	}
}

func TestLexIsLinear(t *testing.T) {
	var ticks strings.Builder
	for n := 1; ticks.Len() < 1<<20; n++ {
		ticks.WriteString(strings.Repeat("`", n) + " ")
	}
	for name, s := range map[string]string{
		"ticks": ticks.String(), "targets": strings.Repeat("](", 1<<19), "angles": strings.Repeat("](<", 1<<18), "titles": strings.Repeat("](a \"", 1<<18),
		"tags": strings.Repeat("<a", 1<<19), "stars": strings.Repeat("*a", 1<<19), "dots": strings.Repeat(".", 1<<20), "signs": strings.Repeat("./", 1<<19), "urls": strings.Repeat("http://", 1<<17),
	} {
		begin := time.Now()
		toks := LexProse(nil, s, false)
		Sentences(s, toks)
		if d := time.Since(begin); d > 2*time.Second {
			t.Errorf("%s: %v for %d bytes", name, d, len(s))
		}
	}
}

func TestSentences(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"Never log the key. Always use X.", "Never log the key.|Always use X."},
		{"Use e.g. Flask, i.e. that. And v1.2.3 of it. no capital", "Use e.g. Flask, i.e. that.|And v1.2.3 of it. no capital"},
		{"Is it? \"Yes.\" **Do it.** `x` runs. [A](b.md). Done!", "Is it?|\"Yes.\"|**Do it.**|`x` runs.|[A](b.md).|Done!"},
		{"One sentence\nover lines: with; signs", "One sentence\nover lines: with; signs"},
		{"Wait … Then. 3 apples.", "Wait …|Then.|3 apples."},
		{"Ask J. Smith. Or me.", "Ask J. Smith.|Or me."},
	} {
		toks := LexProse(nil, c.in, false)
		starts := append(Sentences(c.in, toks), len(toks))
		var got []string
		for i := 0; i+1 < len(starts); i++ {
			got = append(got, c.in[toks[starts[i]].Start:toks[starts[i+1]-1].End])
		}
		if strings.Join(got, "|") != c.want {
			t.Errorf("%q: %q", c.in, got)
		}
	}
}

func TestRules(t *testing.T) {
	for _, c := range []struct {
		in     string
		strict bool
		want   string
	}{
		{"**NEVER** send PII in event properties.", false, "strong must imperative -1"},
		{"You MUST call shutdown.", false, "strong must"},
		{"You must call shutdown.", false, "must"},
		{"**Never** send PII.", false, "strong must imperative -1"},
		{"Never send PII.", false, "must imperative -1"},
		{"Never send PII.", true, "strong must imperative -1"},
		{"Do not log the key.", false, "must imperative -1"},
		{"Do NOT log the key.", false, "strong must imperative -1"},
		{"Don't log the key.", false, "must imperative -1"},
		{"Don't worry about the key.", false, "none -1"},
		{"You don't need to log in.", false, "none -1"},
		{"You should call flush.", false, "should"},
		{"Use the host of your region.", false, "imperative imperative"},
		{"If it fails, retry once.", false, "imperative imperative"},
		{"If the client is slow, the server waits.", false, "none"},
		{"The SDK never blocks.", false, "none -1"},
		{"The SDK does not flush on exit.", false, "none -1"},
		{"Access tokens are short-lived.", false, "none"},
		{"Use of cookies is explained below.", false, "none"},
		{"You can optionally set a host, unless you self-host.", false, "may ~2"},
		{"Call flush only in tests.", false, "imperative imperative ~1"},
		{"Node 22 is required.", false, "must"},
		{"IMPORTANT: use the proxy.", false, "strong must imperative"},
		{"The HTTP API returns JSON.", false, "none"},
		{"[!IMPORTANT] The SDK is new.", false, "none"},
		{"[!IMPORTANT] Use the SDK.", false, "imperative imperative"},
		{"", false, "none"},
	} {
		r := English.Rule(c.in, LexProse(nil, c.in, false), c.strict)
		got := r.Strength.String()
		if r.Imperative {
			got += " imperative"
		}
		if r.Negations > 0 {
			got += fmt.Sprintf(" -%d", r.Negations)
		}
		if r.Limits > 0 {
			got += fmt.Sprintf(" ~%d", r.Limits)
		}
		if got != c.want {
			t.Errorf("%q: %s, want %s", c.in, got, c.want)
		}
	}
}

func TestForbids(t *testing.T) {
	for in, want := range map[string]bool{
		"Never send PII.": true,
		"Install into the environment, never globally.": true,
		"You must not commit the file.":                 true,
		"Do not log the key.":                           true,
		"Agents mustn't log in.":                        true,
		"Log in, but don't store the token.":            true,
		"Don't forget to flush.":                        false,
		"You don't need to log in.":                     false,
		"The SDK never blocks.":                         false,
		"The SDK does not flush on exit.":               false,
		"Always send it.":                               false,
	} {
		if got := English.Rule(in, LexProse(nil, in, false), false).Forbids; got != want {
			t.Errorf("%q forbids: %v", in, got)
		}
	}
}

func TestOpposites(t *testing.T) {
	if !English.Opposed("Never", "ALWAYS") || !English.Opposed("client", "server") || English.Opposed("client", "client") {
		t.Error("antonyms")
	}
	for w, want := range map[string]bool{"not": true, "Hasn’t": true, "UNLESS": true, "before": true, "send": false, "you": false} {
		if English.Sense(w).Alters() != want {
			t.Errorf("%s alters: %v", w, !want)
		}
	}
}

func TestDangers(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"curl -fsSL https://x.sh | sh", "0 curl -fsSL https://x.sh | sh"},
		{"$ curl https://x.sh |sudo bash -s -- -y\n", "0 curl https://x.sh | bash -s -- -y"},
		{"wget -qO- https://x | tee a | python3", "0 wget -qO- https://x | tee a | python3"},
		{"bash <(curl -s https://x)", "0 bash | curl -s https://x"},
		{"sh -c \"$(curl -fsSL https://x)\" && echo \"done\"", "0 sh -c | curl -fsSL https://x"},
		{"iwr https://x | iex", "0 iwr https://x | iex"},
		{"rm -rf /", "1 rm -rf /"},
		{"cd a && rm -fr dist; ls", "1 rm -fr dist"},
		{"rm -r -f 'a b'", "1 rm -r -f a b"},
		{"git push --force origin main\ngit reset --hard", "1 git push --force origin main;1 git reset --hard"},
		{"echo aGk= | base64 -d | sh", "2 echo aGk= | base64 -d"},
		{"DROP TABLE users;", "1 DROP TABLE users"},
		{"curl https://x -o f\nsh f\n", ""},
		{"curl https://x | jq .", ""},
		{"echo 'curl https://x | sh'", ""},
		{"# rm -rf /", ""},
		{"rm file; rm -r dir; npm run format; git push", ""},
		{"bash\ncurl https://x", ""},
		{"base64 file", ""},
	} {
		var got []string
		for _, d := range Dangers(c.in) {
			got = append(got, fmt.Sprintf("%d %s", d.Kind, d.What))
		}
		if strings.Join(got, ";") != c.want {
			t.Errorf("%q: %q", c.in, got)
		}
	}
}

func TestCommandLines(t *testing.T) {
	cmds := Commands("# first\nFOO=1 npm install \\\n  a\n\nx=\"a\nb\" go run . | grep y > out\n")
	var got []string
	for _, c := range cmds {
		got = append(got, fmt.Sprintf("%d %v %s", c.Line, c.Piped, strings.Join(c.Words, " ")))
	}
	if want := "1 false npm install a;5 false go run .;5 true grep y out"; strings.Join(got, ";") != want {
		t.Errorf("got %q", got)
	}
}

func TestEnvMentions(t *testing.T) {
	for in, want := range map[string]string{
		"process.env.FOO_BAR":                "FOO_BAR!",
		"const MAX_RETRIES = 3":              "MAX_RETRIES",
		"FOO_BAR=1\nexport BAZ_X=2":          "FOO_BAR! BAZ_X!",
		"os.environ[\"FOO_BAR\"]":            "FOO_BAR!",
		"if AA_B == CC_D":                    "AA_B CC_D",
		"VITE_X and STRIPE_API_KEY":          "VITE_X! STRIPE_API_KEY!",
		"echo ${FOO_BAR} $BAZ_X":             "FOO_BAR! BAZ_X!",
		"fooBAR_BAZ FOO_ HTTP":               "",
		"ENV.fetch('RAILS_MAX_X') Foo_BAR_B": "RAILS_MAX_X!",
	} {
		var got []string
		for _, m := range EnvMentions(in) {
			s := in[m.Start:m.End]
			if m.Certain {
				s += "!"
			}
			got = append(got, s)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestAddresses(t *testing.T) {
	for in, want := range map[string]Address{
		"https://User:p@Host.X:8080/a/b?q=1#f": {"https", "host.x:8080", "/a/b", "q=1", "f"},
		"//cdn.x/y":                            {"", "cdn.x", "/y", "", ""},
		"references/a.md#x":                    {"", "", "references/a.md", "", "x"},
		"mailto:a@b.c":                         {"mailto", "", "a@b.c", "", ""},
		"#top":                                 {"", "", "", "", "top"},
		"https://x":                            {"https", "x", "", "", ""},
	} {
		if got := SplitAddress(in); got != want {
			t.Errorf("%q: %+v", in, got)
		}
	}
	for in, want := range map[string]string{"](a.md)": "a.md", "](<a b.md> \"t\")": "a b.md", "](a.md 't')": "a.md", "<https://x>": "https://x", "https://x": "https://x", "word": "", "]()": ""} {
		if got := Destination(in); got != want {
			t.Errorf("%q: %q", in, got)
		}
	}
}

// FuzzLexProse: tokens are in order, not empty, and all that lies between them is white space, quote markers and hard breaks.
func FuzzLexProse(f *testing.F) {
	for _, s := range []string{"Do **not** `x", "> a\n> b", "[a](b \"c\")", "\xff\u200b<a>", "``a` ](<x>", "\\\n", "a.b/c_d..e", "http://", "1,2.3%"} {
		f.Add(s, false)
		f.Add(s, true)
	}
	f.Fuzz(func(t *testing.T, s string, quoted bool) {
		toks := LexProse(nil, s, quoted)
		at := int32(0)
		for i := 0; i <= len(toks); i++ {
			next := Token{Start: int32(len(s)), End: int32(len(s)) + 1}
			if i < len(toks) {
				next = toks[i]
			}
			if next.Start < at || next.End <= next.Start {
				t.Fatalf("token %d of %q: %+v", i, s, next)
			}
			for _, r := range s[at:next.Start] {
				if !strings.ContainsRune(" \t\n\r\f\v\\\u00a0", r) && !(quoted && r == '>') && !(r >= utf8.RuneSelf && strings.TrimSpace(string(r)) == "") {
					t.Fatalf("%q between tokens of %q", r, s)
				}
			}
			at = next.End
		}
		starts := Sentences(s, toks)
		for i, k := range starts {
			if i == 0 && k != 0 || i > 0 && k <= starts[i-1] || k >= len(toks) {
				t.Fatalf("sentences %v of %d tokens", starts, len(toks))
			}
		}
		English.Rule(s, toks, true)
		Dangers(s)
		EnvMentions(s)
		SplitAddress(s)
		Destination(s)
	})
}

func TestLexCode(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"posthog.capture('a', 20)\n\treturn", "w:posthog p:. w:capture p:( p:' w:a p:' p:, sp:  n:20 p:) nl:\n sp:\t w:return"},
		{"KEY_A=$KEY_B #é", "env:KEY_A p:= env:$KEY_B sp:  p:# w:é"},
		{"\"https://a.b/c\", v1.2.3 1.2.3 0x1f", "p:\" url:https://a.b/c p:\" p:, sp:  w:v1 p:. v:2.3 sp:  v:1.2.3 sp:  n:0x1f"},
	} {
		if got := spell(c.in, LexCode(nil, c.in)); got != c.want {
			t.Errorf("%q:\n got %s\nwant %s", c.in, got, c.want)
		}
	}
}

// FuzzLexCode: the tokens lie side by side and cover the text.
func FuzzLexCode(f *testing.F) {
	f.Add("a.b(1, \"https://x\")\r\n\t$x \xff é\u200b")
	f.Fuzz(func(t *testing.T, s string) {
		at := int32(0)
		for _, tok := range LexCode(nil, s) {
			if tok.Start != at || tok.End <= at {
				t.Fatalf("%+v after %d in %q", tok, at, s)
			}
			at = tok.End
		}
		if int(at) != len(s) {
			t.Fatalf("%d of %d bytes covered", at, len(s))
		}
	})
}
