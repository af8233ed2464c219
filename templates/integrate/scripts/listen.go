//go:build ignore

// A listener for proving that requests arrive: plain Go (1.22 or later), nothing to install, for this machine only.
//
//	go run listen.go [--port 8765] [--seconds 60] [--show KEY,KEY] [--expect VALUE,VALUE] [--forbid TEXT,TEXT] [--delay 0]
//
// It answers every request with 200 and an empty JSON object, and prints method and path, header names (never their
// values) and, of a JSON body, the names of its keys; with --show, in place of names, the strings and booleans there.
// With --forbid it says where in a request (URL, headers, body) one of these texts stood, in whatever letter case and also
// percent-encoded, and does not print the text: name what must never be sent, such as the address that a test typed in.
// With --delay it answers that many seconds late, so that it shows what the app does meanwhile.
// It writes no file. It stops after the given seconds or on Ctrl-C, prints what it counted, and exits with 0, or with
// 1 where a value of --expect was not among the shown values, a text of --forbid came or a body could not be searched
// for it, or with 2 where it could not start.
package main

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
	"unicode/utf16"
	"unicode/utf8"
)

const (
	maxBody     = 16 << 20 // bytes as received
	maxUnzipped = 64 << 20 // bytes
	maxKeys     = 40       // key names printed for one request
	maxDepth    = 100      // what is nested deeper is not looked at
)

var formStart = regexp.MustCompile(`^[\w.$[\]-]+=`)

// found is a scalar of a body: the keys that lead to it, and its text if it is a string, true or false.
type found struct {
	path     []string
	text     string
	isString bool
	isBool   bool
}

type listener struct {
	show, expect, forbid []string
	delay                time.Duration // before each answer

	mu         sync.Mutex // guards what follows, and the order of printed lines
	requests   int
	order      []string       // the keys of counts as they came
	counts     map[string]int // "key: value" of each shown value
	seen       map[string]bool
	came       map[int]int // number of a text of --forbid: in how many requests it stood
	unsearched int         // bodies that --forbid could not look into
}

func main() {
	port := flag.Int("port", 8765, "")
	seconds := flag.Int("seconds", 60, "")
	show := flag.String("show", "", "")
	expect := flag.String("expect", "", "")
	forbid := flag.String("forbid", "", "")
	delay := flag.Int("delay", 0, "")
	flag.Usage = func() {
		fmt.Fprintln(os.Stderr, "usage: listen [--port 8765] [--seconds 60] [--show KEY,KEY] [--expect VALUE,VALUE] [--forbid TEXT,TEXT] [--delay 0]")
	}
	flag.Parse()
	l := &listener{show: list(*show), expect: list(*expect), forbid: list(*forbid), delay: time.Duration(*delay) * time.Second, counts: map[string]int{}, seen: map[string]bool{}, came: map[int]int{}}
	switch {
	case *port < 0 || *port > 65535:
		refuse("--port is not a number from 0 to 65535")
	case *seconds < 1 || *seconds > 3600:
		refuse("--seconds is not a number from 1 to 3600")
	case *delay < 0 || *delay > 3600:
		refuse("--delay is not a number from 0 to 3600")
	case len(l.expect) > 0 && len(l.show) == 0:
		refuse("--expect needs --show: the keys to look under")
	case flag.NArg() > 0:
		refuse("unexpected argument " + plain(flag.Arg(0)))
	}
	os.Exit(l.listen(*port, time.Duration(*seconds)*time.Second))
}

func refuse(why string) {
	fmt.Fprintln(os.Stderr, why)
	flag.Usage()
	os.Exit(2)
}

func list(text string) []string {
	var parts []string
	for _, part := range strings.Split(text, ",") {
		if part = strings.TrimSpace(part); part != "" {
			parts = append(parts, part)
		}
	}
	return parts
}

func (l *listener) listen(port int, d time.Duration) int {
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, os.Interrupt, syscall.SIGTERM)
	conn, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		fmt.Fprintf(os.Stderr, "cannot listen on port %d: %v; choose another with --port\n", port, err)
		return 2
	}
	fmt.Printf("listening on http://%s for %d s\n", conn.Addr(), d/time.Second)
	go http.Serve(conn, l)
	select {
	case <-time.After(d):
	case <-stop:
	}
	return l.summary()
}

func (l *listener) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	rest, err2 := io.Copy(io.Discard, r.Body)
	if err != nil || err2 != nil {
		return // a connection that broke off is no request
	}
	l.report(r, body, int64(len(body))+rest) // first, so that what was answered was printed
	time.Sleep(l.delay)
	answer(w, r)
}

func answer(w http.ResponseWriter, r *http.Request) {
	origin := r.Header.Get("Origin")
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", cmp.Or(origin, "*"))
	if origin != "" {
		h.Set("Access-Control-Allow-Credentials", "true")
	}
	h.Set("Vary", "Origin")
	if r.Method == http.MethodOptions {
		h.Set("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS")
		h.Set("Access-Control-Allow-Headers", cmp.Or(r.Header.Get("Access-Control-Request-Headers"), "*"))
		w.WriteHeader(http.StatusNoContent)
		return
	}
	h.Set("Content-Type", "application/json")
	h.Set("Content-Length", "2")
	if r.Method != http.MethodHead {
		io.WriteString(w, "{}")
	}
}

func (l *listener) report(r *http.Request, body []byte, size int64) {
	zipped := bytes.HasPrefix(body, []byte{0x1f, 0x8b})
	var facts []string
	if size > 0 {
		mediaType, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
		facts = append(facts, cmp.Or(plain(strings.ToLower(strings.TrimSpace(mediaType))), "no content type"))
		if zipped {
			facts = append(facts, "gzip")
		}
		facts = append(facts, fmt.Sprintf("%d bytes", size))
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.requests++
	lines := []string{fmt.Sprintf("%d %s %s (%s)", l.requests, r.Method, route(r.RequestURI), cmp.Or(strings.Join(facts, ", "), "no body"))}
	if len(l.show) == 0 {
		lines = append(lines, "  headers: "+strings.Join(headerNames(r), " "))
	}
	b := content{isText: true}
	if size > maxBody {
		b = content{fault: "too large"}
	} else if size > 0 {
		b = read(body, zipped)
	}
	if b.fault != "" {
		lines = append(lines, "  body: "+b.fault+", not read")
	} else if size > 0 && len(l.show) > 0 {
		lines = append(lines, l.shownLines(b.all)...)
	} else if size > 0 {
		lines = append(lines, keyLines(b.all)...)
	}
	lines = append(lines, l.forbiddenLines(r, b)...)
	fmt.Println(strings.Join(lines, "\n"))
}

// headerNames returns the names of all headers, with those that net/http takes out of the map.
func headerNames(r *http.Request) []string {
	names := []string{"host"}
	for name := range r.Header {
		names = append(names, plain(strings.ToLower(name)))
	}
	if len(r.TransferEncoding) > 0 {
		names = append(names, "transfer-encoding")
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// route returns a path as it may be printed: long segments (a key can stand there) are cut, and of the query only the names remain.
func route(uri string) string {
	path, query, _ := strings.Cut(uri, "?")
	segments := strings.Split(path, "/")
	for i, part := range segments {
		if len(part) > 24 {
			segments[i] = fmt.Sprintf("%s...(%d)", plain(part[:4]), len(part))
		} else {
			segments[i] = plain(part)
		}
	}
	var names []string
	for _, pair := range strings.Split(query, "&") {
		if name, _, _ := strings.Cut(pair, "="); pair != "" {
			names = append(names, plain(name))
		}
	}
	if len(names) == 0 {
		return strings.Join(segments, "/")
	}
	return strings.Join(segments, "/") + "?" + strings.Join(names, "&")
}

// content is what is known of a body.
type content struct {
	all    []found // everything in it that isn't an object or a list
	text   string  // if it is any
	isText bool
	fault  string // why it was not understood
}

func read(body []byte, zipped bool) content {
	if zipped {
		var err error
		if body, err = unzip(body); err != nil {
			return content{fault: "not text"}
		}
	}
	if !utf8.Valid(body) {
		return content{fault: "not text"}
	}
	text := strings.TrimPrefix(string(body), "\ufeff")
	all, ok := parse(text)
	if !ok {
		return content{text: text, isText: true, fault: "not JSON, not a form"}
	}
	return content{all: all, text: text, isText: true}
}

func (l *listener) forbiddenLines(r *http.Request, b content) []string {
	if len(l.forbid) > 0 && !b.isText {
		l.unsearched++
	}
	var lines []string
	for i, forbidden := range l.forbid {
		places := placesOf(forbidden, r, b)
		if len(places) == 0 {
			continue
		}
		l.came[i+1]++
		more := ""
		if len(places) > maxKeys {
			more = fmt.Sprintf(" and %d more", len(places)-maxKeys)
			places = places[:maxKeys]
		}
		lines = append(lines, fmt.Sprintf("  forbidden text %d in %s%s", i+1, strings.Join(places, ", "), more))
	}
	return lines
}

func placesOf(forbidden string, r *http.Request, b content) []string {
	var places, names []string
	if has(r.RequestURI, forbidden) {
		places = append(places, "the URL")
	}
	for name, values := range r.Header {
		if has(strings.Join(values, ", "), forbidden) {
			names = append(names, "header "+plain(strings.ToLower(name)))
		}
	}
	slices.Sort(names)
	places = append(places, names...)
	inKeys := false
	for _, f := range b.all {
		if !has(strings.Join(f.path, "."), forbidden) && !(f.isString && has(f.text, forbidden)) {
			continue
		}
		inKeys = true
		keys := slices.Clone(f.path)
		for i, key := range keys {
			if has(key, forbidden) {
				keys[i] = "*"
			}
		}
		if name := "key " + keyName(keys); !slices.Contains(places, name) {
			places = append(places, name)
		}
	}
	if !inKeys && has(b.text, forbidden) {
		places = append(places, "the body")
	}
	return places
}

var encoded = regexp.MustCompile(`%[0-7][0-9A-Fa-f]`)

func has(text, forbidden string) bool {
	decoded := encoded.ReplaceAllStringFunc(text, func(pair string) string {
		n, _ := strconv.ParseUint(pair[1:], 16, 8)
		return string(rune(n))
	})
	lower := strings.ToLower(forbidden)
	return strings.Contains(strings.ToLower(text), lower) || strings.Contains(strings.ToLower(decoded), lower)
}

func unzip(body []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(r, maxUnzipped+1))
	if len(data) > maxUnzipped {
		return nil, errors.New("too large")
	}
	return data, err
}

func (l *listener) shownLines(all []found) []string {
	var lines []string
	for _, f := range all {
		if !f.isString && !f.isBool || len(f.path) == 0 || !slices.Contains(l.show, f.path[len(f.path)-1]) {
			continue
		}
		value := plain(f.text)
		if len(value) > 200 {
			value = value[:200]
		}
		line := plain(f.path[len(f.path)-1]) + ": " + value
		if l.counts[line]++; l.counts[line] == 1 {
			l.order = append(l.order, line)
		}
		l.seen[f.text] = true
		lines = append(lines, "  "+line)
	}
	return lines
}

func keyLines(all []found) []string {
	var names []string
	for _, f := range all {
		name := keyName(f.path)
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	more := ""
	if len(names) > maxKeys {
		more = fmt.Sprintf(" and %d more", len(names)-maxKeys)
		names = names[:maxKeys]
	}
	return []string{"  keys: " + strings.Join(names, " ") + more}
}

func keyName(path []string) string {
	return strings.ReplaceAll(plain(strings.Join(path, ".")), ".[]", "[]")
}

// parse reads JSON, JSON lines, or a form whose fields may hold JSON, also in Base64.
func parse(text string) ([]found, bool) {
	if json.Valid([]byte(text)) {
		return walk(text), true
	}
	if all, ok := parseLines(text); ok {
		return all, true
	}
	if !formStart.MatchString(text) {
		return nil, false
	}
	var all []found
	for _, pair := range strings.Split(text, "&") {
		if pair == "" {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		name, value = unescape(name), unescape(value)
		if inner, ok := parseField(value); ok {
			all = append(all, inner...)
		} else {
			all = append(all, found{path: []string{name}, text: value, isString: true})
		}
	}
	return all, true
}

func parseLines(text string) ([]found, bool) {
	var all []found
	lines := 0
	for _, line := range strings.Split(text, "\n") {
		if strings.TrimSpace(line) == "" {
			continue
		}
		if !json.Valid([]byte(line)) {
			return nil, false
		}
		all = append(all, walk(line)...)
		lines++
	}
	return all, lines > 0
}

func unescape(text string) string {
	if plain, err := url.QueryUnescape(text); err == nil {
		return plain
	}
	return text
}

func parseField(value string) ([]found, bool) {
	bare := strings.TrimRight(strings.NewReplacer("-", "+", "_", "/").Replace(value), "=")
	decoded, err := base64.RawStdEncoding.DecodeString(bare)
	for _, text := range []string{value, string(decoded)} {
		text = strings.TrimSpace(text)
		if (strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[")) && json.Valid([]byte(text)) {
			return walk(text), true
		}
		if err != nil {
			break
		}
	}
	return nil, false
}

// level is an object or a list that walk is inside of.
type level struct {
	list bool
	key  string // of an object: the key whose value comes next
	open bool   // of an object: a key was read, its value comes next
}

// walk returns the scalars of a valid JSON text in the order in which they stand there.
func walk(text string) []found {
	var all []found
	var levels []level
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	for {
		token, err := d.Token()
		if err != nil {
			return all
		}
		if delim, ok := token.(json.Delim); ok && (delim == ']' || delim == '}') {
			levels = levels[:len(levels)-1]
			continue
		}
		if top := len(levels) - 1; top >= 0 && !levels[top].list {
			if !levels[top].open {
				levels[top].key, levels[top].open = token.(string), true
				continue
			}
			levels[top].open = false
		}
		if delim, ok := token.(json.Delim); ok {
			levels = append(levels, level{list: delim == '['})
		} else if len(levels) <= maxDepth {
			value, isString := token.(string)
			truth, isBool := token.(bool)
			if isBool {
				value = strconv.FormatBool(truth)
			}
			all = append(all, found{path: path(levels), text: value, isString: isString, isBool: isBool})
		}
	}
}

func path(levels []level) []string {
	keys := make([]string, len(levels))
	for i, l := range levels {
		keys[i] = l.key
		if l.list {
			keys[i] = "[]"
		}
	}
	return keys
}

// plain keeps printable ASCII and writes all else as \uXXXX: what others sent must not steer a terminal.
func plain(text string) string {
	var b strings.Builder
	for _, r := range text {
		if r >= ' ' && r <= '~' {
			b.WriteRune(r)
			continue
		}
		for _, unit := range utf16.Encode([]rune{r}) {
			fmt.Fprintf(&b, `\u%04x`, unit)
		}
	}
	return b.String()
}

func (l *listener) summary() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	fmt.Printf("stopped: %d %s\n", l.requests, plural(l.requests, "request", "requests"))
	for _, line := range l.order {
		fmt.Printf("%d x %s\n", l.counts[line], line)
	}
	var missing []string
	for _, value := range l.expect {
		if !l.seen[value] {
			missing = append(missing, plain(value))
		}
	}
	if len(missing) > 0 {
		fmt.Println("expected and not seen:", strings.Join(missing, " "))
	}
	for i := range l.forbid {
		if n := l.came[i+1]; n > 0 {
			fmt.Printf("forbidden and seen: text %d in %d %s\n", i+1, n, plural(n, "request", "requests"))
		}
	}
	if l.unsearched > 0 {
		fmt.Printf("not searched: %d %s\n", l.unsearched, plural(l.unsearched, "body", "bodies"))
	}
	if len(missing) > 0 || len(l.came) > 0 || l.unsearched > 0 {
		return 1
	}
	return 0
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}
