package verify

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"time"

	"skillgen/generator/project"
	"skillgen/generator/source"
)

const (
	draftFile = project.FlightsFile + ".new"
	lockWait  = 10 * time.Second
	lockStep  = 50 * time.Millisecond
)

// Record notes in airplanes.lock which airplanes have flown, or were compiled, on this day (2026-11-20), and reports whether that changed the file.
// A flight that failed leaves its entry as it is: it speaks of a state in which it flew. Entries of frameworks that don't exist any more, or don't
// say how to fly, go.
//
// The file is read, changed and put in its place under a draft that only one process can make (airplanes.lock.new); another waits ten seconds for
// it. That is the only lock that verify takes: it writes nothing else, so builds and releases can go on while airplanes fly.
func Record(dir string, p *project.Project, log *Log, today string) (changed bool, err error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return false, fmt.Errorf("opening the project's folder: %w", err)
	}
	defer root.Close()
	draft, err := makeDraft(root)
	if err != nil {
		return false, err
	}
	if changed, err = rewrite(root, draft, p, log, today); !changed || err != nil {
		root.Remove(draftFile) //nolint:errcheck // the first error says it
	}
	return changed, err
}

// makeDraft makes the draft, or waits until whoever has it is done.
func makeDraft(root *os.Root) (*os.File, error) {
	for waited := time.Duration(0); ; waited += lockStep {
		f, err := root.OpenFile(draftFile, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
		switch {
		case err == nil:
			return f, nil
		case !errors.Is(err, fs.ErrExist):
			return nil, fmt.Errorf("writing %s: %w", project.FlightsFile, err)
		case waited >= lockWait:
			return nil, fmt.Errorf("another skillgen is writing %s; if none is, remove %s", project.FlightsFile, draftFile)
		}
		time.Sleep(lockStep)
	}
}

func rewrite(root *os.Root, draft *os.File, p *project.Project, log *Log, today string) (bool, error) {
	defer draft.Close()
	old, err := root.ReadFile(project.FlightsFile)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return false, fmt.Errorf("reading %s: %w", project.FlightsFile, err)
	}
	flights := &project.Flights{}
	if err == nil {
		read, findings := project.ReadFlights(source.NewFile(project.FlightsFile, old))
		if read == nil {
			return false, fmt.Errorf("reading %s: %s", project.FlightsFile, findings[0].Message)
		}
		flights = read
	}
	merge(flights, p, log, today)
	text := flights.Encode()
	if bytes.Equal(text, old) || len(flights.All) == 0 && old == nil {
		return false, nil
	}
	if _, err = draft.Write(text); err == nil {
		err = draft.Sync()
	}
	if err = errors.Join(err, draft.Close()); err == nil {
		err = root.Rename(draftFile, project.FlightsFile)
	}
	if err != nil {
		return false, fmt.Errorf("writing %s: %w", project.FlightsFile, err)
	}
	return true, nil
}

// merge replaces the entries of airplanes that have flown, and drops those of which nothing more is asked.
func merge(flights *project.Flights, p *project.Project, log *Log, today string) {
	flights.All = slices.DeleteFunc(flights.All, func(f project.Flight) bool {
		return !slices.ContainsFunc(p.Frameworks, func(fw *project.Framework) bool {
			return fw.ID == f.Framework && fw.Verify != nil && fw.Verify.Level != project.LevelHand
		})
	})
	for _, r := range log.Results {
		if r.Outcome != Flown && r.Outcome != Compiled {
			continue
		}
		a := r.Airplane
		flights.All = slices.DeleteFunc(flights.All, func(f project.Flight) bool { return f.Framework == a.Framework.ID })
		f := project.Flight{Framework: a.Framework.ID, Level: a.Framework.Verify.Level, Digest: a.Digest, Tools: r.Tools, Date: today}
		for _, e := range r.Events {
			f.Events = append(f.Events, e.Name)
		}
		flights.All = append(flights.All, f)
	}
}
