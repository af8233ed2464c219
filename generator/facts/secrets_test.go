package facts

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"skillgen/generator/diag"
	"skillgen/generator/source"
)

// No credential is written in this file, not even an invented one: values are put together here, so that no scanner of repositories stumbles over them.

func random(alphabet string, n int) string {
	r := rand.New(rand.NewPCG(7, uint64(n)))
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[r.IntN(len(alphabet))]
	}
	return string(b)
}

const (
	letters = lowers + uppers
	mixed   = letters + digits
	hexes   = digits + "abcdef"
)

func token(header, payload string) string {
	e := base64.RawURLEncoding
	return e.EncodeToString([]byte(header)) + "." + e.EncodeToString([]byte(payload)) + "." + random(mixed, 43)
}

func pem(label string, lines int, eol string) string {
	var sb strings.Builder
	sb.WriteString("-----BEGIN " + label + "-----" + eol)
	for i := range lines {
		sb.WriteString(random(mixed+"+/", 64+i)[i:] + eol)
	}
	return sb.String() + "-----END " + label + "-----"
}

func credentials() map[string]string {
	return map[string]string{
		"aws":            "AKIA" + random(uppers+"234567", 16),
		"aws session":    "ASIA" + random(uppers+"234567", 16),
		"github":         "ghp_" + random(mixed, 36),
		"github app":     "ghs_" + random(mixed, 36),
		"github fine":    "github_pat_" + random(mixed, 22) + "_" + random(mixed, 59),
		"gitlab":         "glpat-" + random(mixed+"_-", 20),
		"gitlab long":    "glpat-" + random(mixed, 27) + ".01." + random(lowers+digits, 9),
		"slack":          "xoxb-" + random(digits, 12) + "-" + random(digits, 13) + "-" + random(mixed, 24),
		"slack hook":     "hooks.slack.com/services/T" + random(uppers+digits, 9) + "/B" + random(uppers+digits, 10) + "/" + random(mixed, 24),
		"stripe":         "sk_live_" + random(mixed, 24),
		"stripe limited": "rk_live_" + random(mixed, 99),
		"openai":         "sk-proj-" + random(mixed+"_-", 74) + "T3BlbkFJ" + random(mixed, 74),
		"openai old":     "sk-" + random(mixed, 20) + "T3BlbkFJ" + random(mixed, 20),
		"anthropic":      "sk-ant-api03-" + random(mixed+"_-", 93) + "AA",
		"npm":            "npm_" + random(mixed, 36),
		"pypi":           "pypi-AgEIcHlwaS5vcmc" + random(mixed+"_-", 150),
		"google":         "AIza" + random(mixed+"_-", 35),
		"google access":  "ya29." + random(mixed+"_-", 150),
		"google client":  "GOCSPX-" + random(mixed+"_-", 28),
		"posthog":        "phx_" + random(mixed, 43),
		"posthog secret": "phs_" + random(mixed, 43),
		"sendgrid":       "SG." + random(mixed, 22) + "." + random(mixed+"_-", 43),
		"twilio":         "SK" + random(hexes, 32),
		"hugging face":   "hf_" + random(letters, 34),
		"vault":          "hvs." + random(mixed, 90),
		"key":            pem("PRIVATE KEY", 26, "\n"),
		"rsa key":        pem("RSA PRIVATE KEY", 13, "\n"),
		"short key":      pem("PRIVATE KEY", 1, "\n"),
		"key in json":    pem("PRIVATE KEY", 26, `\n`),
		"encrypted key":  strings.Replace(pem("RSA PRIVATE KEY", 13, "\n"), "-----\n", "-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,"+random(hexes, 32)+"\n\n", 1),
		"pgp key":        strings.Replace(pem("PGP PRIVATE KEY BLOCK", 13, "\n"), "-----\n", "-----\nVersion: GnuPG v2\n\n", 1),
		"jwt":            token(`{"alg":"HS256","typ":"JWT"}`, `{"sub":"8812","admin":true}`),
		"jwe":            token(`{"alg":"dir","enc":"A256GCM"}`, `x`) + "." + random(mixed, 30) + "." + random(mixed, 22),
	}
}

func TestSecretsAreFound(t *testing.T) {
	around := []string{"%s", "%s\n", "KEY=%s\n", `{"key": "%s"}`, "a\nkey: '%s' # é", "text %s, text", "https://x:%s@example.com/", `"a\n%s\n"`, "q=%%3D%s&b", `"\u003d%s"`, "`%s`.", "<%s>", "(%s)"}
	for name, value := range credentials() {
		for _, format := range around {
			text := fmt.Sprintf(format, value)
			found := secrets(text)
			if len(found) != 1 || text[found[0].start:found[0].end] != value {
				t.Errorf("%s in %q: %d found", name, format, len(found))
				continue
			}
			assertHidden(t, name, value, Mask(text))
			for line := 1; line <= strings.Count(text, "\n")+1; line++ {
				assertHidden(t, name, value, MaskLine(&source.File{Text: text}, line))
			}
			for _, f := range Secrets(&source.File{Path: "a.txt", Text: text}) {
				assertHidden(t, name, value, f.Message+"\n"+f.Hint+"\n"+f.Place.Text)
			}
		}
	}
}

// assertHidden looks for any 12 bytes of the value after its prefix.
func assertHidden(t *testing.T, name, value, shown string) {
	t.Helper()
	for i := 26; i+12 <= len(value); i++ {
		if part := value[i : i+12]; strings.Contains(shown, part) && !strings.Contains(part, "-----") && !strings.Contains(part, "KEY") {
			t.Errorf("%s: %q shows %q", name, shown, part)
			return
		}
	}
	if len(value) < 60 && strings.Contains(shown, value[len(value)-10:]) {
		t.Errorf("%s: %q shows its end", name, shown)
	}
}

func TestNoSecrets(t *testing.T) {
	r := random
	for _, text := range []string{
		"AKIAIOSFODNN7EXAMPLE", "AKIAXXXXXXXXXXXXXXXX", "AKIA" + r(uppers, 17), "AKIA" + r(uppers, 15), "XAKIA" + r(uppers, 16), "AKIA" + r(lowers, 16), "AKIA" + r(uppers, 16) + "x", "AKIAABABBBABAABBABAA", "ghp_" + strings.Repeat(r(mixed, 18), 2),
		"ghp_" + strings.Repeat("x", 36), "ghp_" + r(mixed, 35), "ghp_<your token>", "ghp_1234567890abcdefghijklmnopqrstuvwxyz", "ghp_" + strings.Repeat("deadbeef1", 4),
		"highp_" + r(mixed, 36), "graph_" + r(mixed, 36),
		"phc_" + r(mixed, 43), "phx_…", "phx_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "phx_your_key", "phx_" + r(mixed, 8), "phx_***",
		"sk_test_" + r(mixed, 24), "sk_live_xxxxxxxxxxxxxxxxxxxxxxxx", "sk_live_...", "sk_live_abcdefghijklmnopqrstuvwx", "pk_live_" + r(mixed, 24), "task_live_" + r(mixed, 24),
		"sk-proj-your-key-here-and-some-more-words-so-that-it-is-long-enough", "sk-" + r(mixed, 48), "sk-learn-is-a-library-and-this-is-a-rather-long-slug-about-it",
		"glpat-my-personal-access-token-for-ci", "glpat-XXXXXXXXXXXXXXXXXXXX",
		"xoxb-your-token-goes-right-here", "https://hooks.slack.com/services/T00000000/B00000000/" + strings.Repeat("X", 24), "hooks.slack.com/services/",
		"npm_config_registry_and_other_settings_x", "npm_" + r(mixed, 37), "AIza" + r(mixed, 34), "AIzaSy" + strings.Repeat("X", 33),
		"SG." + r(mixed, 21) + "." + r(mixed, 43), "MSG." + r(mixed, 22) + "." + r(mixed, 43), "SK" + r(hexes, 31), "SK" + r(hexes, 33), "SK" + strings.Repeat("a", 32),
		"-----BEGIN PUBLIC KEY-----\n" + r(mixed, 64) + "\n" + r(mixed, 63) + "\n-----END PUBLIC KEY-----",
		"-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----", "-----BEGIN PRIVATE KEY-----\nMIIE…\n", "-----BEGIN PRIVATE KEY-----\\nYOUR KEY HERE, ALL OF THE LINES OF IT, FROM THE FIRST TO THE LAST ONE\\n-----END PRIVATE KEY-----",
		"-----BEGIN PRIVATE KEY-----\n" + strings.Repeat("x", 64) + "\n" + strings.Repeat("x", 64) + "\n-----END PRIVATE KEY-----", "-----BEGIN CERTIFICATE-----\n" + r(mixed, 64),
		token(`{"alg":"HS256"}`, `{"sub":"1234567890","name":"John Doe","iat":1516239022}`), token(`{"alg":"HS256"}`, `{"iss":"supabase-demo","role":"anon"}`),
		token(`{"kid":"x"}`, `{"a":1}`), token(`[1]`, `{"a":1}`), "eyJhbGciOiJIUzI1NiJ9.payload.signature", "eyJ.eyJ.eyJ", "eyJhbGciOiJIUzI1NiJ9",
		"", "s", "sk", "-----BEGIN ", "SG.", "eyJ", "hvs.", "ya29.", "xoxb-",
	} {
		if found := secrets(text); len(found) != 0 {
			t.Errorf("%q is taken for a %s", text, found[0].shape.name)
		}
		if got := Mask(text); got != text {
			t.Errorf("Mask(%q) = %q", text, got)
		}
	}
}

func TestSecretFindings(t *testing.T) {
	key, other := "phx_"+random(mixed, 43), "npm_"+random(mixed, 36)
	f := &source.File{Path: "app/.env.example", Text: "A=1\n\tÉ: " + key + ", " + other + "\n"}
	got := Secrets(f)
	if len(got) != 2 {
		t.Fatalf("%d findings, want 2", len(got))
	}
	first, second := got[0], got[1]
	if first.ID != "secret" || first.Severity != diag.Error || first.Message != "PostHog personal API key phx_…(47)" {
		t.Errorf("finding %+v", first)
	}
	want := diag.Place{File: "app/.env.example", Line: 2, Col: 5, End: 52, Text: "\tÉ: phx_" + strings.Repeat("*", 43) + ", npm_" + strings.Repeat("*", 36)}
	if first.Place != want {
		t.Errorf("place %+v, want %+v", first.Place, want)
	}
	want.Col, want.End = 54, 94
	if second.Place != want {
		t.Errorf("place %+v, want %+v", second.Place, want)
	}
}

func TestManySecretsAreSummarised(t *testing.T) {
	var sb strings.Builder
	for i := range 5000 {
		sb.WriteString("npm_" + random(mixed, 36+i)[i:] + " ")
	}
	got := Secrets(&source.File{Path: "a", Text: sb.String()})
	if len(got) != flood+1 || got[flood].Message != "4990 more credentials in this file" {
		t.Errorf("%d findings, the last %q", len(got), got[len(got)-1].Message)
	}
}

func TestSecretInBinaryFile(t *testing.T) {
	got := Secrets(&source.File{Path: "a.bin", Kind: source.Binary, Text: "\x00\xff\n" + "npm_" + random(mixed, 36)})
	if len(got) != 1 || got[0].Place != (diag.Place{File: "a.bin"}) {
		t.Errorf("got %+v", got)
	}
}

func TestConceal(t *testing.T) {
	key := pem("PRIVATE KEY", 3, "\n")
	f := &source.File{Path: "a.md", Text: "# a\n" + key + "\nend\n"}
	var fs []diag.Finding
	for line := 1; line <= 7; line++ {
		fs = append(fs, diag.Finding{Place: diag.Place{File: "a.md", Line: line, Text: f.LineText(line)}, Also: diag.Place{File: "a.md", Line: line, Text: f.LineText(line)}, Message: "m " + "phx_" + random(mixed, 43)})
	}
	lone := "KEY=npm_" + random(mixed, 36)
	fs = append(fs, diag.Finding{Place: diag.Place{File: "other", Text: lone}})
	Conceal(fs, func(path string) *source.File {
		if path == "a.md" {
			return f
		}
		return nil
	})
	stars := strings.Repeat("*", 64)
	want := []string{"# a", "-----BEGIN " + strings.Repeat("*", 16), stars, stars, stars, strings.Repeat("*", 25), "end", "KEY=npm_…(40)"}
	for i, f := range fs {
		if f.Place.Text != want[i] || i < 7 && (f.Also.Text != want[i] || f.Message != "m phx_…(47)") {
			t.Errorf("line %d: %+v", i+1, f)
		}
	}
}

// The scan is linear: over any text, the shapes together read each byte a bounded number of times.
func TestScanIsLinear(t *testing.T) {
	for _, unit := range []string{"sk-", "-sk-proj-", "eyJ", "eyJ.", "-eyJ", "xoxb-1-", "glpat-", "\\nsk-ant-", "%3Dsk-", "-----BEGIN ", "-----BEGIN PRIVATE KEY-----\n", "-----BEGIN PRIVATE KEY-----\na: b\n", "SG.", "hooks.slack.com/services/T", "ya29.aaaaaaaaab"} {
		read := func(n int) int {
			text := strings.Repeat(unit, n/len(unit))
			return bytesRead(text)
		}
		small, large := read(20_000), read(200_000)
		if large > 11*small+1000 {
			t.Errorf("%q: 20 kB read %d bytes, 200 kB %d", unit, small, large)
		}
	}
}

// bytesRead counts how many bytes the bodies of shapes may look at in text.
func bytesRead(text string) int {
	total := 0
	saved := make([]func(string) int, len(shapes))
	for i := range shapes {
		body := shapes[i].body
		saved[i] = body
		shapes[i].body = func(s string) int {
			total += reach(s)
			return body(s)
		}
	}
	secrets(text)
	for i := range shapes {
		shapes[i].body = saved[i]
	}
	return total
}

// reach is how far a body can look: five runs of letters, digits, "_" and "-" with one byte between them, or a key block.
func reach(s string) int {
	end := 0
	for range 5 {
		end = min(end+dashed.span(s[end:])+1, len(s))
	}
	if n, _, _ := pemBody(s); n > end {
		end = n
	}
	return end
}

func FuzzSecrets(f *testing.F) {
	for _, value := range credentials() {
		f.Add(value)
	}
	f.Fuzz(func(t *testing.T, s string) {
		at := 0
		for _, x := range secrets(s) {
			if x.start < at || x.end <= x.start+len(x.shape.prefix) || x.end > len(s) {
				t.Fatalf("%q: [%d,%d) after %d", s, x.start, x.end, at)
			}
			at = x.end
		}
		if masked := Mask(s); len(secrets(masked)) > 0 {
			t.Errorf("Mask(%q) = %q", s, masked)
		}
	})
}

func BenchmarkSecrets(b *testing.B) {
	text := prose(100_000)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		secrets(text)
	}
}
