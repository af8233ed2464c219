package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"

	"skillgen/generator"
	"skillgen/generator/diag"
)

// errNoAnswer says that the answers ended before the questions did.
var errNoAnswer = hinted{errors.New("stopped: nothing was written"), "flags answer too, see `skillgen init --help`; --yes takes what was found"}

// asker asks questions, one a line, each with its default.
type asker struct {
	in  *bufio.Reader
	out io.Writer
}

func newAsker(in io.Reader, out io.Writer) *asker { return &asker{bufio.NewReaderSize(in, 4096), out} }

// question asks until take accepts the answer; an empty one is the default. What take returns as an error is shown, with its hint.
func (q *asker) question(text, fallback string, take func(answer string) error) error {
	for {
		fmt.Fprintf(q.out, "%s [%s]: ", text, diag.Terminal(fallback))
		line, err := q.in.ReadSlice('\n')
		if errors.Is(err, bufio.ErrBufferFull) {
			for errors.Is(err, bufio.ErrBufferFull) {
				_, err = q.in.ReadSlice('\n')
			}
			fmt.Fprintln(q.out, "  that is too long")
			continue
		}
		if err != nil { // a line that Ctrl-D ended was not meant to be sent
			fmt.Fprintln(q.out)
			return errNoAnswer
		}
		answer := strings.TrimSpace(string(line))
		if answer == "" {
			answer = fallback
		}
		fault := take(answer)
		if fault == nil {
			return nil
		}
		fmt.Fprintf(q.out, "  %s\n", diag.Terminal(fault.Error()))
		if h := (hinted{}); errors.As(fault, &h) && h.hint != "" {
			fmt.Fprintf(q.out, "  hint: %s\n", diag.Terminal(h.hint))
		}
	}
}

// ask asks for what no flag says: the product, the apps, the docs.
func (q *asker) ask(s *generator.Survey, o *generator.ScaffoldOptions) error {
	for _, ask := range []func(*generator.Survey, *generator.ScaffoldOptions) error{q.product, q.apps, q.docs} {
		if err := ask(s, o); err != nil {
			return err
		}
	}
	return nil
}

func (q *asker) product(s *generator.Survey, o *generator.ScaffoldOptions) error {
	if o.Product != "" {
		return nil
	}
	fallback := s.Product
	if fallback == "" {
		fallback = o.Folder
	}
	return q.question("Product, as people write its name", fallback, func(answer string) error {
		if message, hint := generator.NameFault(answer); message != "" {
			return hinted{errors.New("the name " + message), hint}
		}
		o.Product = answer
		return nil
	})
}

// apps asks which of the apps get a skill; where none was found, for the folder of one.
func (q *asker) apps(s *generator.Survey, o *generator.ScaffoldOptions) error {
	if len(o.Examples) > 0 {
		return nil
	}
	switch len(s.Apps) {
	case 0:
		return q.question("Folder of the example app (none was found)", ".", func(answer string) error { return q.takeFolders(s, o, []string{answer}) })
	case 1:
		return q.question(fmt.Sprintf("Example app (%s)", diag.Terminal(s.Apps[0].Title)), s.Apps[0].Dir, func(answer string) error { return q.takeFolders(s, o, []string{answer}) })
	}
	fmt.Fprintf(q.out, "%d example apps:\n", len(s.Apps))
	for i, a := range s.Apps {
		fmt.Fprintf(q.out, "  %2d  %s  %s\n", i+1, diag.Terminal(a.Dir), diag.Terminal(a.Title))
	}
	return q.question("Which of them get a skill: numbers such as 1,3-4, folders, or all", "all", func(answer string) error {
		folders, err := pickApps(s.Apps, answer)
		if err != nil {
			return err
		}
		return q.takeFolders(s, o, folders)
	})
}

func (q *asker) takeFolders(s *generator.Survey, o *generator.ScaffoldOptions, folders []string) error {
	for _, f := range folders {
		if !s.HasFolder(f) {
			return hinted{fmt.Errorf("%s is not a folder here", f), "name one below the folder in which init runs, or . for that folder"}
		}
	}
	o.Examples = folders
	return nil
}

// pickApps reads which apps are meant: "all", numbers and ranges of them as they were listed, folders.
func pickApps(apps []generator.App, answer string) ([]string, error) {
	var dirs []string
	for _, word := range strings.FieldsFunc(answer, func(r rune) bool { return r == ',' || r == ' ' }) {
		if word == "all" {
			word = fmt.Sprintf("1-%d", len(apps))
		}
		from, to, isRange := strings.Cut(word, "-")
		first, err := strconv.Atoi(from)
		last := first
		if isRange && err == nil {
			last, err = strconv.Atoi(to)
		}
		if err != nil {
			dirs = append(dirs, path.Clean(word))
			continue
		}
		if first < 1 || last > len(apps) || first > last {
			return nil, hinted{fmt.Errorf("%s is none of the numbers", word), fmt.Sprintf("they go from 1 to %d", len(apps))}
		}
		for i := first; i <= last; i++ {
			dirs = append(dirs, apps[i-1].Dir)
		}
	}
	if len(dirs) == 0 {
		return nil, errors.New("that names no app")
	}
	slices.Sort(dirs)
	return slices.Compact(dirs), nil
}

// docs asks for the folder of docs.
func (q *asker) docs(s *generator.Survey, o *generator.ScaffoldOptions) error {
	if len(o.Docs) > 0 || o.NoDocs {
		return nil
	}
	text, fallback := "Folder of the docs, or none", "none"
	if len(s.Docs) > 0 {
		fallback = s.Docs[0].Dir
		text = fmt.Sprintf("Folder of the docs (%s), or none", diag.Terminal(describeDocs(s.Docs[0], -1)))
	}
	return q.question(text, fallback, func(answer string) error {
		if answer == "none" {
			o.NoDocs = true
			return nil
		}
		folder, err := s.Folder(answer)
		if err != nil {
			return err
		}
		if len(folder.Pages) == 0 {
			return hinted{fmt.Errorf("%s holds no pages", answer), "pages are Markdown or MDX files (.md, .mdx)"}
		}
		o.Docs = []string{folder.Dir}
		return nil
	})
}
