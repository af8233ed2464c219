package verify

import (
	"bytes"
	"compress/gzip"
	"context"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"
	"time"

	"skillgen/generator/diag"
	"skillgen/generator/example"
	"skillgen/generator/project"
	"skillgen/generator/source"
)

func TestMain(m *testing.M) {
	if len(os.Args) > 1 {
		switch os.Args[1] {
		case HelperArg:
			os.Exit(Helper(os.Stdin, os.Stdout))
		case "pilot": // flies until it is killed
			pilot(os.Args[2] == "unisolated", os.Args[3])
			os.Exit(0)
		case "app":
			app(os.Args[2:])
			os.Exit(0)
		}
	}
	flag.Parse()
	flag.Set("test.parallel", "8") // they wait more than they work
	os.Exit(m.Run())
}

// app is the app that the tests' airplanes are: this test itself, called as $APP. Its first argument says what it does.
func app(args []string) {
	switch args[0] {
	case "serve": // answers on $PORT; GET /event/NAME sends an event, /crash ends it, /slow never answers, /error is one
		serve(args[1:])
	case "send": // sends an event for each argument
		for _, name := range args[1:] {
			send(name)
		}
	case "get": // asks the server for each path
		for _, path := range args[1:] {
			resp, err := http.Get("http://127.0.0.1:" + os.Getenv("PORT") + path)
			exitOn(err)
			resp.Body.Close()
		}
	case "post": // sends its standard input as it is: post PATH CONTENT-TYPE [gzip]
		body, err := io.ReadAll(os.Stdin)
		exitOn(err)
		resp, err := http.Post(os.Getenv("CAPTURE_URL")+args[1], args[2], bytes.NewReader(body))
		exitOn(err)
		resp.Body.Close()
	case "flood": // writes 100 MB, then a last line
		line := []byte(strings.Repeat("x", 1023) + "\n")
		for range 100 << 10 {
			os.Stdout.Write(line)
		}
		fmt.Println("the last line")
	case "env":
		for _, entry := range os.Environ() {
			fmt.Println(entry)
		}
	case "page": // answers with a page that sends events by itself
		handler := func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			io.WriteString(w, strings.ReplaceAll(page, "CAPTURE", os.Getenv("HOST")))
		}
		exitOn(http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), http.HandlerFunc(handler)))
	case "reach": // connects to an address
		c, err := net.DialTimeout("tcp", args[1], time.Second)
		exitOn(err)
		c.Close()
	}
}

func exitOn(err error) {
	if err != nil {
		fmt.Println(err)
		os.Exit(3)
	}
}

// send posts an event as an SDK would: a packed batch.
func send(name string) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	fmt.Fprintf(z, `{"api_key":"k","batch":[{"event":%q,"properties":{"event":"inner","order":"o-1"}}]}`, name)
	z.Close()
	r, err := http.NewRequest("POST", os.Getenv("HOST")+"/batch/", &b)
	exitOn(err)
	r.Header.Set("Content-Encoding", "gzip")
	resp, err := http.DefaultClient.Do(r)
	exitOn(err)
	resp.Body.Close()
}

// serve is the server. With "flush" it sends the event "flushed" only when it is stopped; with "deaf" it does not stop when it is asked to.
func serve(modes []string) {
	mode := strings.Join(modes, " ")
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM)
	go func() {
		<-stop
		if mode == "deaf" {
			return
		}
		if mode == "flush" {
			send("flushed")
		}
		os.Exit(0)
	}()
	port := os.Getenv("PORT")
	if mode == "elsewhere" {
		port = "0"
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { fmt.Fprintln(w, "hello") })
	mux.HandleFunc("/event/{name}", func(w http.ResponseWriter, r *http.Request) { send(r.PathValue("name")) })
	mux.HandleFunc("/enter", func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "visitor", Value: "1", Path: "/"})
		http.Redirect(w, r, "/known", http.StatusFound)
	})
	mux.HandleFunc("/known", func(w http.ResponseWriter, r *http.Request) {
		if _, err := r.Cookie("visitor"); err == nil {
			send("known_visitor")
		}
	})
	mux.HandleFunc("/login", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/event/redirected", http.StatusFound)
	})
	mux.HandleFunc("/away", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, os.Getenv("CAPTURE_URL")+"/left", http.StatusFound)
	})
	mux.HandleFunc("/crash", func(http.ResponseWriter, *http.Request) { fmt.Println("going down"); os.Exit(7) })
	mux.HandleFunc("/slow", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	mux.HandleFunc("/error", func(w http.ResponseWriter, r *http.Request) { send("$exception"); w.WriteHeader(500) })
	if mode == "unready" {
		mux.HandleFunc("/up", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(503) })
	}
	fmt.Println("listening on http://localhost:" + map[bool]string{true: "3000", false: port}[mode == "elsewhere"])
	exitOn(http.ListenAndServe("127.0.0.1:"+port, mux))
}

// pilot flies an airplane that hangs, as skillgen would.
func pilot(unisolated bool, command string) {
	tree := source.New(fstest.MapFS{
		"skillgen.yaml":     {Data: []byte("product: Acme\nprefix: acme\n")},
		"examples/app/a.md": {Data: []byte("# App\n")},
		"frameworks/app.md": {Data: []byte("---\ntitle: App\nlanguages: [go]\nexample: examples/app\nverify:\n  level: ci\n  run: \"" + command + "\"\n  expect: [a]\n---\n")},
	})
	p, _, err := project.Load(tree, project.Options{})
	exitOn(err)
	a, _, err := example.Load(tree, p.Frameworks[0].Example[0], example.Options{})
	exitOn(err)
	c, err := example.LoadCargo(tree, a, nil)
	exitOn(err)
	_, err = Fly(context.Background(), []Airplane{{Framework: p.Frameworks[0], Cargo: []*example.Cargo{c}}},
		Options{Tree: tree, Dir: os.TempDir(), Environ: os.Environ(), unisolated: unisolated})
	exitOn(err)
}

// self is the path of this test.
func self(t *testing.T) string {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// airplanes makes airplanes of frameworks: each text is what stands under verify, by id. All share the files.
func airplanes(t *testing.T, files map[string]string, verify map[string]string) ([]Airplane, *source.Tree) {
	t.Helper()
	fsys := fstest.MapFS{"skillgen.yaml": {Data: []byte("product: Acme\nprefix: acme\n")}}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	if _, ok := fsys["examples/app/README.md"]; !ok {
		fsys["examples/app/README.md"] = &fstest.MapFile{Data: []byte("# App\n")}
	}
	for id, text := range verify {
		front := "---\ntitle: App\nlanguages: [go]\nexample: examples/app\n"
		if text != "" {
			front += "verify:\n" + marked(text) + "\n"
		}
		fsys["frameworks/"+id+".md"] = &fstest.MapFile{Data: []byte(front + "---\n")}
	}
	tree := source.New(fsys)
	return fromTree(t, tree), tree
}

// fromTree makes airplanes of all frameworks of a project.
func fromTree(t *testing.T, tree *source.Tree) []Airplane {
	t.Helper()
	p, findings, err := project.Load(tree, project.Options{})
	if worst, _ := diag.Worst(findings); err != nil || worst == diag.Error {
		t.Fatal(err, show(findings))
	}
	var all []Airplane
	for _, f := range p.Frameworks {
		x := Airplane{Framework: f}
		for _, dir := range f.Example {
			a, fs, err := example.Load(tree, dir, example.Options{})
			if err != nil || a == nil {
				t.Fatal(err, show(fs))
			}
			c, err := example.LoadCargo(tree, a, nil)
			if err != nil {
				t.Fatal(err)
			}
			x.Cargo = append(x.Cargo, c)
		}
		all = append(all, x)
	}
	return all
}

func show(fs []diag.Finding) string {
	var b strings.Builder
	diag.Print(&b, fs, false)
	return b.String()
}

// options are those of a test's flights.
func options(t *testing.T, tree *source.Tree) Options {
	return Options{
		Tree: tree, Dir: t.TempDir(), grace: 300 * time.Millisecond,
		Environ: []string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "LANG=C.UTF-8"},
	}
}

// env is how an airplane finds this test, and the capture server.
const env = "  env: {APP: SELF, HOST: $CAPTURE_URL}\n"

// flyWith flies one airplane with the given options.
func flyWith(t *testing.T, files map[string]string, verify string, change func(*Options)) (Result, *Log) {
	t.Helper()
	all, tree := airplanes(t, files, map[string]string{"app": strings.ReplaceAll(verify, "SELF", self(t))})
	o := options(t, tree)
	if change != nil {
		change(&o)
	}
	log, err := Fly(t.Context(), all, o)
	if err != nil {
		t.Fatal(err)
	}
	return log.Results[0], log
}

// both flies an airplane twice, with isolation and without; where the system has none, once.
func both(t *testing.T, files map[string]string, verify string, check func(t *testing.T, r Result)) {
	t.Helper()
	for _, unisolated := range []bool{false, true} {
		t.Run(map[bool]string{false: "isolated", true: "unisolated"}[unisolated], func(t *testing.T) {
			t.Parallel()
			r, log := flyWith(t, files, verify, func(o *Options) { o.unisolated = unisolated })
			if !unisolated && log.NotIsolated != "" {
				untested(t, "no isolation here: "+log.NotIsolated)
			}
			if r.Isolated == unisolated && r.Outcome != NotFlown {
				t.Errorf("isolated: %t", r.Isolated)
			}
			check(t, r)
		})
	}
}

// untested ends a test that can't be made here. Where CI is set that is a failure, so that a run which looked at less can't look like a full one.
func untested(t *testing.T, why string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatal(why)
	}
	t.Skip("NOT TESTED: " + why)
}

// marked makes the times for which tests sleep this test's own: other tests may run on this machine.
func marked(s string) string {
	return strings.ReplaceAll(s, "98765", strconv.Itoa(1_000_000+os.Getpid()))
}

// alive lists the processes whose command line holds a text.
func alive(t *testing.T, text string) []string {
	t.Helper()
	text = marked(text)
	entries, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil || len(entries) == 0 {
		out, err := exec.Command("ps", "-axo", "args").Output()
		if err != nil {
			untested(t, "no process table here")
		}
		var all []string
		for line := range strings.Lines(string(out)) {
			if strings.Contains(line, text) {
				all = append(all, line)
			}
		}
		return all
	}
	var all []string
	for _, e := range entries {
		data, err := os.ReadFile(e)
		if line := strings.ReplaceAll(string(data), "\x00", " "); err == nil && strings.Contains(line, text) {
			all = append(all, line)
		}
	}
	return all
}

// soon waits for something that takes a moment.
func soon(ctx context.Context, ok func() bool) bool {
	for range 100 {
		if ok() {
			return true
		}
		select {
		case <-ctx.Done():
			return false
		case <-time.After(50 * time.Millisecond):
		}
	}
	return false
}
