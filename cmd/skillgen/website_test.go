package main

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// website serves a folder as a website does, on 127.0.0.1. What a file can't say stands beside it:
//
//	page.status    the page answers with this status and no more
//	page.redirect  it answers 302, and leads there
//	page.type      its Content-Type
//	page.accept.md what it answers to those who accept Markdown
type website struct {
	dir  string
	mu   chan struct{}
	seen []string // requests, as METHOD path status
	auth []string // values of Authorization
}

func (s *website) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu <- struct{}{}
	defer func() { <-s.mu }()
	rec := &statusRecorder{ResponseWriter: w, status: 200}
	s.serve(rec, r)
	s.seen = append(s.seen, fmt.Sprintf("%s %s %d", r.Method, r.URL.RequestURI(), rec.status))
	if a := r.Header.Get("Authorization"); a != "" {
		s.auth = append(s.auth, a)
	}
}

type statusRecorder struct {
	http.ResponseWriter
	status int
}

func (r *statusRecorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

func (s *website) serve(w http.ResponseWriter, r *http.Request) {
	name := filepath.Join(s.dir, filepath.FromSlash(path.Clean("/"+r.URL.Path)))
	side := func(ext string) string {
		data, _ := os.ReadFile(name + ext)
		return strings.TrimSpace(strings.ReplaceAll(string(data), "{URL}", "http://"+r.Host))
	}
	if status, err := strconv.Atoi(side(".status")); err == nil {
		w.WriteHeader(status)
		return
	}
	if to := side(".redirect"); to != "" {
		w.Header().Set("Location", to)
		w.WriteHeader(http.StatusFound)
		return
	}
	candidates := []string{name, name + ".html", filepath.Join(name, "index.html")}
	if strings.Contains(r.Header.Get("Accept"), "text/markdown") {
		candidates = append([]string{name + ".accept.md"}, candidates...)
	}
	for _, c := range candidates {
		data, err := os.ReadFile(c)
		if err != nil {
			continue
		}
		kind := mime.TypeByExtension(filepath.Ext(c))
		if filepath.Ext(c) == ".md" {
			kind = "text/markdown; charset=utf-8"
		}
		if t := side(".type"); t != "" {
			kind = t
		}
		body := strings.ReplaceAll(string(data), "{URL}", "http://"+r.Host)
		tag := fmt.Sprintf(`"%x"`, sha256.Sum256([]byte(body)))
		w.Header().Set("Content-Type", kind)
		w.Header().Set("ETag", tag)
		if r.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Write([]byte(body)) //nolint:errcheck // whoever asks has gone
		return
	}
	w.WriteHeader(http.StatusNotFound)
}

var served = map[string]*website{} // by folder; scripts have folders of their own
var servedMu = make(chan struct{}, 1)

// serve DIR NAME: serves the folder as a website. $NAME is its URL, $NAME_HOST its host, $NAME_DIR the folder of its snapshots.
func cmdServe(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: serve DIR NAME")
	}
	site := &website{dir: ts.MkAbs(args[0]), mu: make(chan struct{}, 1)}
	server := httptest.NewServer(site)
	ts.Defer(server.Close)
	host := strings.TrimPrefix(server.URL, "http://")
	ts.Setenv(args[1], server.URL)
	ts.Setenv(args[1]+"_HOST", host)
	ts.Setenv(args[1]+"_DIR", strings.ReplaceAll(host, ":", "_"))
	servedMu <- struct{}{}
	served[site.dir] = site
	<-servedMu
}

// requests DIR FILE: writes the requests to the website of a folder since the last time into a file, sorted: many run at once.
func cmdRequests(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: requests DIR FILE")
	}
	servedMu <- struct{}{}
	site := served[ts.MkAbs(args[0])]
	<-servedMu
	if site == nil {
		ts.Fatalf("%s is not served", args[0])
	}
	site.mu <- struct{}{}
	defer func() { <-site.mu }()
	lines := append(site.seen, site.auth...)
	slices.Sort(lines)
	site.seen, site.auth = nil, nil
	text := strings.Join(lines, "\n")
	if text != "" {
		text += "\n"
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(text), 0o666))
}

// fill DIR…: puts the values of variables into all files below folders: {SITE} becomes $SITE.
func cmdFill(ts *testscript.TestScript, neg bool, args []string) {
	for _, dir := range args {
		ts.Check(filepath.WalkDir(ts.MkAbs(dir), func(p string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			data, err := os.ReadFile(p)
			if err != nil {
				return err
			}
			text := string(data)
			for _, name := range []string{"SITE", "OTHER"} {
				for _, suffix := range []string{"", "_HOST", "_DIR"} {
					if v := ts.Getenv(name + suffix); v != "" {
						text = strings.ReplaceAll(text, "{"+name+suffix+"}", v)
					}
				}
			}
			return os.WriteFile(p, []byte(text), 0o666)
		}))
	}
}
