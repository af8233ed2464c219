package facts

import (
	"encoding/base64"
	"encoding/json"
	"math"
	"strings"
)

// shape is how one kind of credential looks.
type shape struct {
	prefix string             // what it begins with, at a word boundary; shown
	name   string             // for the message
	body   func(s string) int // how many bytes of s, the text after the prefix, belong to it; 0 where s does not continue like a credential
}

// charset is a set of bytes.
type charset [256]bool

func chars(s string) *charset {
	set := new(charset)
	for i := range len(s) {
		set[s[i]] = true
	}
	return set
}

const (
	digits = "0123456789"
	lowers = "abcdefghijklmnopqrstuvwxyz"
	uppers = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
)

var (
	hex     = chars(digits + "abcdef")
	capital = chars(digits + uppers)
	alnum   = chars(digits + lowers + uppers)
	word    = chars(digits + lowers + uppers + "_")
	dashed  = chars(digits + lowers + uppers + "_-")
	base    = chars(digits + lowers + uppers + "+/=")
)

// shapes lists what is known. A prefix that another one begins with stands after it. PostHog's phc_ is missing on purpose: a project token is public.
var shapes = []shape{
	{"AKIA", "AWS access key", run(capital, 16, 16)},
	{"ASIA", "AWS access key", run(capital, 16, 16)},
	{"ghp_", "GitHub token", run(alnum, 36, 255)},
	{"gho_", "GitHub token", run(alnum, 36, 255)},
	{"ghu_", "GitHub token", run(alnum, 36, 255)},
	{"ghs_", "GitHub token", run(alnum, 36, 255)},
	{"ghr_", "GitHub token", run(alnum, 36, 255)},
	{"github_pat_", "GitHub token", run(word, 50, 255)},
	{"glpat-", "GitLab token", gitlab},
	{"gldt-", "GitLab deploy token", gitlab},
	{"glrt-", "GitLab runner token", gitlab},
	{"xoxa-", "Slack token", slack},
	{"xoxb-", "Slack token", slack},
	{"xoxe-", "Slack token", slack},
	{"xoxp-", "Slack token", slack},
	{"xoxr-", "Slack token", slack},
	{"xoxs-", "Slack token", slack},
	{"xapp-", "Slack token", slack},
	{"hooks.slack.com/services/", "Slack webhook", slackWebhook},
	{"sk_live_", "Stripe live key", run(alnum, 16, 250)},
	{"rk_live_", "Stripe live key", run(alnum, 16, 250)},
	{"sk-ant-", "Anthropic key", run(dashed, 40, 250)},
	{"sk-proj-", "OpenAI key", run(dashed, 40, 250)},
	{"sk-svcacct-", "OpenAI key", run(dashed, 40, 250)},
	{"sk-admin-", "OpenAI key", run(dashed, 40, 250)},
	{"sk-", "OpenAI key", openAI},
	{"npm_", "npm token", run(alnum, 36, 36)},
	{"pypi-AgE", "PyPI token", run(dashed, 50, 500)},
	{"AIza", "Google API key", run(dashed, 35, 35)},
	{"ya29.", "Google access token", run(dashed, 30, 2000)},
	{"GOCSPX-", "Google client secret", run(dashed, 28, 28)},
	{"phx_", "PostHog personal API key", run(alnum, 30, 64)},
	{"phs_", "PostHog secret key", run(alnum, 30, 64)},
	{"pha_", "PostHog access token", run(alnum, 30, 64)},
	{"phr_", "PostHog refresh token", run(alnum, 30, 64)},
	{"SG.", "SendGrid key", sendGrid},
	{"SK", "Twilio key", run(hex, 32, 32)},
	{"dop_v1_", "DigitalOcean token", run(hex, 64, 64)},
	{"shpat_", "Shopify token", run(hex, 32, 32)},
	{"shpss_", "Shopify secret", run(hex, 32, 32)},
	{"sbp_", "Supabase token", run(hex, 40, 40)},
	{"sb_secret_", "Supabase secret key", run(dashed, 30, 64)},
	{"sntryu_", "Sentry token", run(hex, 64, 64)},
	{"hf_", "Hugging Face token", run(alnum, 34, 34)},
	{"dckr_pat_", "Docker token", run(dashed, 27, 27)},
	{"hvs.", "Vault token", run(dashed, 60, 250)},
	{"-----BEGIN ", "private key", privateKey},
	{"eyJ", "JSON web token", webToken},
}

// span returns how many bytes at the start of s are in set.
func (set *charset) span(s string) int {
	for i := range len(s) {
		if !set[s[i]] {
			return i
		}
	}
	return len(s)
}

// run is a body of least to most bytes of set, after which no letter or digit stands.
func run(set *charset, least, most int) func(string) int {
	return func(s string) int {
		n := set.span(s)
		if n < least || n > most || n < len(s) && alnum[s[n]] || placeholder(s[:n]) {
			return 0
		}
		return n
	}
}

// gitlab tokens are 20 bytes and more; newer ones go on with two short parts after dots.
func gitlab(s string) int {
	n := run(dashed, 20, 300)(s)
	for range 2 {
		if n > 0 && n+1 < len(s) && s[n] == '.' {
			if more := alnum.span(s[n+1:]); more > 0 {
				n += 1 + more
			}
		}
	}
	return n
}

// slack tokens begin with a number and have at least three parts.
func slack(s string) int {
	n := run(dashed, 20, 400)(s)
	if n == 0 || s[0] < '0' || s[0] > '9' || strings.Count(s[:n], "-") < 2 {
		return 0
	}
	return n
}

// slackWebhook is T…/B…/ and a secret of 24.
func slackWebhook(s string) int {
	at := 0
	for _, first := range []byte("TB") {
		n := capital.span(s[at:])
		if n < 8 || n > 14 || s[at] != first || at+n >= len(s) || s[at+n] != '/' {
			return 0
		}
		at += n + 1
	}
	n := run(alnum, 24, 24)(s[at:])
	if n == 0 {
		return 0
	}
	return at + n
}

// openAI keys without a telling prefix hold the word OpenAI in base64.
func openAI(s string) int {
	n := run(dashed, 40, 250)(s)
	if n == 0 || !strings.Contains(s[:n], "T3BlbkFJ") {
		return 0
	}
	return n
}

// sendGrid keys are two parts of fixed length.
func sendGrid(s string) int {
	if n := dashed.span(s); n != 22 || len(s) <= n || s[n] != '.' {
		return 0
	}
	n := run(dashed, 43, 43)(s[23:])
	if n == 0 {
		return 0
	}
	return 23 + n
}

// webToken is a JWS or JWE in compact form (RFC 7515 §7.1, RFC 7516 §7.1), from after its first three bytes.
func webToken(s string) int {
	header := dashed.span(s)
	end, parts := header, 1
	for parts < 5 && end < len(s) && s[end] == '.' {
		end += 1 + dashed.span(s[end+1:])
		parts++
	}
	if parts < 3 || header > 4<<10 {
		return 0
	}
	var head struct{ Alg, Enc string }
	if !decodePart("eyJ"+s[:header], &head) || head.Alg == "" {
		return 0
	}
	last := s[strings.LastIndexByte(s[:end], '.')+1 : end]
	if head.Enc != "" {
		if parts != 5 {
			return 0
		}
		return end
	}
	payload := s[header+1 : header+1+dashed.span(s[header+1:])]
	if len(last) < 32 || placeholder(last) || publicPayload(payload) {
		return 0
	}
	return end
}

// publicPayload reports whether a token's payload is none, or that of a sample everybody knows: the one of jwt.io, and Supabase's for development.
func publicPayload(part string) bool {
	var claims struct {
		Sub, Name, Iss any
	}
	if !decodePart(part, &claims) {
		return true
	}
	return claims.Sub == "1234567890" && claims.Name == "John Doe" || claims.Iss == "supabase-demo"
}

func decodePart(part string, into any) bool {
	raw, err := base64.RawURLEncoding.DecodeString(part)
	return err == nil && json.Unmarshal(raw, into) == nil
}

// privateKey is a PEM block (RFC 7468) from after "-----BEGIN ", also one that stands in a string literal with \n for its line ends.
func privateKey(s string) int {
	label, _, ok := strings.Cut(s[:min(len(s), 64)], "-----")
	if !ok || !strings.HasSuffix(label, "PRIVATE KEY") && !strings.HasSuffix(label, "PRIVATE KEY BLOCK") || strings.Contains(label, "\n") {
		return 0
	}
	at := len(label) + len("-----")
	at += pemHeaders(s[at:])
	n, total, longest := pemBody(s[at:])
	if total < 60 || longest < 24 || entropy(s[at:at+n]) < 3.5 {
		return 0
	}
	at += n
	if foot := "-----END " + label + "-----"; strings.HasPrefix(s[at:], foot) {
		at += len(foot)
	}
	return at
}

// pemHeaders returns the length of the "Name: value" lines that PGP and old encrypted keys have before their body.
func pemHeaders(s string) int {
	at := 0
	for range 6 {
		line := s[at:min(len(s), at+256)]
		end := strings.IndexByte(line, '\n') + 1
		if i := strings.Index(line, `\n`); i >= 0 && (end == 0 || i < end) {
			end = i + 2
		}
		name := dashed.span(line)
		if end == 0 || strings.TrimRight(line[:end], "\\n \t\n\"'+") != "" && (name == 0 || !strings.HasPrefix(line[name:], ": ")) {
			break
		}
		at += end
	}
	return at
}

// pemBody measures base64 with the line ends, quotes and signs that stand between its lines in source code: its length in bytes, how many of
// them are base64, and the longest run of those.
func pemBody(s string) (n, total, longest int) {
	for n < len(s) {
		if r := base.span(s[n:]); r > 0 {
			n, total, longest = n+r, total+r, max(longest, r)
			continue
		}
		if strings.IndexByte(" \t\n\r\\\"'`,#*|", s[n]) < 0 {
			break
		}
		n++
	}
	return n, total, longest
}

// placeholder reports whether the body of what looks like a credential was plainly typed by a person: a word that says so, one character
// over and over, a sequence, a repetition, or words. A random body passes for one with a chance below one in ten thousand.
func placeholder(body string) bool {
	body = body[:min(len(body), 256)]
	low := strings.ToLower(body)
	for _, w := range []string{"example", "placeholder", "redacted", "changeme", "dummy", "sample", "replace", "insert", "your", "fake", "test", "xxxx"} {
		if strings.Contains(low, w) {
			return true
		}
	}
	return entropy(body) < 2.6 || longestSequence(body) >= 8 || periodic(body) || onlyWords(body)
}

// entropy is Shannon's, in bits per byte.
func entropy(s string) float64 {
	var counts [256]int
	for i := range len(s) {
		counts[s[i]]++
	}
	bits := 0.0
	for _, c := range counts {
		if c > 0 {
			p := float64(c) / float64(len(s))
			bits -= p * math.Log2(p)
		}
	}
	return bits
}

// longestSequence is the length of the longest run like 1234567 or abcdefg.
func longestSequence(s string) int {
	longest, run := 0, 1
	for i := 1; i < len(s); i++ {
		if s[i] != s[i-1]+1 {
			run = 0
		}
		run++
		longest = max(longest, run)
	}
	return longest
}

// periodic reports whether s repeats its beginning at least once: deadbeefdeadbeef.
func periodic(s string) bool {
	for k := 1; k <= len(s)/2; k++ {
		if s[k:] == s[:len(s)-k] {
			return true
		}
	}
	return false
}

// onlyWords reports whether s is letters of one case between dashes, as nothing random of that length is.
func onlyWords(s string) bool {
	if len(s) < 20 {
		return false
	}
	return strings.Trim(s, lowers+"-_") == "" || strings.Trim(s, uppers+"-_") == ""
}
