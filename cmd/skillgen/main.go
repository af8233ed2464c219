// Skillgen compiles website docs, one small example app per framework and stage prompts into skills for coding agents.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"skillgen/generator/diag"
	"skillgen/generator/verify"
)

func main() {
	if len(os.Args) == 2 && os.Args[1] == verify.HelperArg { // the process in which airplanes fly; not for people
		os.Exit(verify.Helper(os.Stdin, os.Stdout))
	}
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// Exit codes: see DESIGN §5 and the README.
const (
	exitOK      = 0
	exitContent = 1 // the content has errors, or a gate was hit
	exitUsage   = 2 // usage, or input and output of the machine
)

// errContent ends a command whose findings have been shown.
var errContent = errors.New("the content has errors")

// hinted is an error with what to do about it.
type hinted struct {
	err  error
	hint string
}

func (h hinted) Error() string { return h.err.Error() }
func (h hinted) Unwrap() error { return h.err }

// run executes one command line and returns the exit code.
func run(args []string, stdout, stderr io.Writer) int {
	annotations := stdout
	if onActions() {
		stdout, stderr = diag.WorkflowWriter(stdout), diag.WorkflowWriter(stderr)
	}
	root := newRoot(&app{stdout: stdout, stderr: stderr, annotations: annotations})
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.Execute()
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, errContent):
		return exitContent
	}
	fmt.Fprintf(stderr, "skillgen: %s\n", diag.Terminal(err.Error()))
	var h hinted
	if errors.As(err, &h) && h.hint != "" {
		fmt.Fprintf(stderr, "  hint: %s\n", diag.Terminal(h.hint))
	}
	return exitUsage
}

// onActions reports whether a line of output can be a command: GitHub's runners read them.
func onActions() bool { return os.Getenv("GITHUB_ACTIONS") == "true" }

func newRoot(a *app) *cobra.Command {
	root := &cobra.Command{
		Use:   "skillgen",
		Short: "Compile docs, example apps and stage prompts into skills for coding agents",
		Long: `skillgen compiles website docs, one small example app per framework (a model airplane) and stage prompts
into one SKILL.md per framework, in the Agent Skills format. It reads a project (the folder of skillgen.yaml)
and writes its output folder; it never touches the network while it builds.`,
		Example: `  skillgen init --product Acme --example examples/app   start a project in a repository
  skillgen build                                        compile every skill into dist/
  skillgen diff main:skills skills                      review any skills like code; needs no project
  skillgen explain dist/skills/acme-go/SKILL.md:120     where does this line come from?`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return c.Help()
			}
			return unknownCommand(c, args[0])
		},
	}
	f := root.PersistentFlags()
	f.StringVarP(&a.dir, "chdir", "C", ".", "run as if started in `DIR`; all paths count from there")
	f.StringVar(&a.out, "out", "", "write to `DIR` (default: dist, or paths.dist of skillgen.yaml)")
	f.StringVar(&a.format, "format", "text", "findings as text, json or github (annotations)")
	f.BoolVar(&a.strict, "strict", false, "let warnings fail")
	f.IntVarP(&a.jobs, "jobs", "j", 0, "how many things to do at once (default: one per processor)")
	f.StringVar(&a.color, "color", "auto", "auto, always or never; NO_COLOR is obeyed")
	f.BoolVarP(&a.quiet, "quiet", "q", false, "print nothing but findings")
	root.PersistentPreRunE = func(c *cobra.Command, _ []string) error { return a.validate(formatsOf(c)) }
	root.AddCommand(newBuild(a), newDiff(a), newList(a), newExplain(a), newFetch(a), newInit(a), newCompletion(a), newRelease(a), newSchema(a), newVerify(a), newVersion(a))
	a.completing(root)
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return hinted{err, "see `" + c.CommandPath() + " --help`"}
	})
	return root
}

func unknownCommand(root *cobra.Command, name string) error {
	var names []string
	for _, c := range root.Commands() {
		names = append(names, c.Name())
	}
	hint := "see `skillgen --help`"
	if near := diag.Suggest(name, names); near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	}
	return hinted{fmt.Errorf("unknown command %q", name), hint}
}

// unknownValue refuses a word that is none of those that are known.
func unknownValue(what, word string, known []string) error {
	hint := "one of " + strings.Join(known, ", ")
	if near := diag.Suggest(word, known); near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	}
	return hinted{fmt.Errorf("there is no %s %q", what, word), hint}
}

// noArgs refuses arguments.
func noArgs(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		return hinted{fmt.Errorf("%s takes no argument, and got %q", c.Name(), args[0]), "see `" + c.CommandPath() + " --help`"}
	}
	return nil
}

// oneArg asks for exactly one argument.
func oneArg(c *cobra.Command, args []string) error {
	if len(args) != 1 {
		return hinted{fmt.Errorf("%s takes one argument, and got %d", c.Name(), len(args)), "usage: " + c.UseLine()}
	}
	return nil
}
