package emit

import (
	"strings"

	"skillgen/generator/project"
)

// flight says in which state the model airplanes are known to fly.
func (e *emitter) flight(l *layout) {
	fl := e.plan.Flight
	if fl == nil {
		return
	}
	var tools []string
	for _, t := range fl.Tools {
		tools = append(tools, codeSpan(t))
	}
	with := ""
	if len(tools) > 0 {
		with = " with " + enumerate(tools)
	}
	what, was, their := e.flyers(fl.Dirs)
	var s string
	switch {
	case fl.Level == project.LevelHand:
		s = "Flown by hand on " + fl.Date + ": " + what + " " + was + " built and run."
	case fl.Level == project.LevelCI:
		s = "Flown" + with + ": " + what + " " + was + " built and run, and " + their + " events arrived."
	case fl.Known:
		s = "Compiled" + with + ", never run: so much is known of " + what + "."
	default:
		s = "Never run: of " + what + " at most the syntax was checked."
	}
	l.write(s+"\n\n", fl.At)
}

// flyers names the airplanes that took part: the model airplane, where that is all there is.
func (e *emitter) flyers(dirs []string) (what, was, their string) {
	var names []string
	for _, a := range e.plan.Airplanes {
		for _, dir := range dirs {
			if a.Dir == dir {
				names = append(names, codeSpan(dir))
			}
		}
	}
	switch {
	case len(names) == len(e.plan.Airplanes) && len(names) == 1:
		return "the model airplane", "was", "its"
	case len(names) == len(e.plan.Airplanes):
		return "the model airplanes", "were", "their"
	case len(names) == 1:
		return names[0], "was", "its"
	}
	return enumerate(names), "were", "their"
}

// enumerate joins words as a sentence does: "a, b and c".
func enumerate(words []string) string {
	if n := len(words) - 1; n > 0 {
		return strings.Join(words[:n], ", ") + " and " + words[n]
	}
	return strings.Join(words, "")
}
