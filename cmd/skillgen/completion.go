package main

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"skillgen/generator/diag"
	"skillgen/generator/project"
	"skillgen/generator/prosediff"
)

// shells are those whose completion cobra writes.
var shells = []string{"bash", "zsh", "fish", "powershell"}

func newCompletion(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "completion SHELL",
		Short: "Print a script that completes skillgen's commands in a shell",
		Long: `completion prints a script for bash, zsh, fish or powershell. It completes commands, flags and their values, the project's
frameworks and skills, and the ids of changes and checks.

  bash         load it in ~/.bashrc: source <(skillgen completion bash); needs the package bash-completion
  zsh          write it to a folder of $fpath as _skillgen; compinit must run
  fish         write it to ~/.config/fish/completions/skillgen.fish
  powershell   load it in $PROFILE: skillgen completion powershell | Out-String | Invoke-Expression`,
		Example: `  source <(skillgen completion bash)
  skillgen completion zsh > "${fpath[1]}/_skillgen"
  skillgen completion fish > ~/.config/fish/completions/skillgen.fish`,
		Args:      oneArg,
		ValidArgs: shells,
		RunE: func(c *cobra.Command, args []string) error {
			switch root := c.Root(); args[0] {
			case "bash":
				return root.GenBashCompletionV2(a.stdout, true)
			case "zsh":
				return root.GenZshCompletion(a.stdout)
			case "fish":
				return root.GenFishCompletion(a.stdout, true)
			case "powershell":
				return root.GenPowerShellCompletionWithDesc(a.stdout)
			}
			return unknownValue("shell", args[0], shells)
		},
	}
}

// nothing is offered where a shell would else offer files.
var nothing = cobra.NoFileCompletions

// completing gives the commands what a shell offers for their flags and arguments.
func (a *app) completing(root *cobra.Command) {
	root.CompletionOptions.DisableDefaultCmd = true // ours stands in the list of commands
	args := map[string]cobra.CompletionFunc{
		"build": nothing, "list": nothing, "init": nothing, "version": nothing, "fetch": nothing,
		"verify": a.completeFrameworks, "check": a.completeFrameworks, "explain": a.completeOutputs, "diff": completePrevious,
	}
	root.ValidArgsFunction = nothing
	for _, c := range root.Commands() {
		if f := args[c.Name()]; f != nil {
			c.ValidArgsFunction = f
		}
		if c.ValidArgs != nil {
			c.ValidArgsFunction = firstOf(c.ValidArgs...)
			c.ValidArgs = nil
		}
	}
	for _, c := range append(root.Commands(), root) {
		for _, flag := range slices.Concat(completedFlags, slices.Sorted(maps.Keys(flagValues))) {
			if complete := a.completeFlag(c, flag); c.LocalFlags().Lookup(flag) != nil && complete != nil {
				_ = c.RegisterFlagCompletionFunc(flag, complete) // fails only for a flag that is not there, or was given one before
			}
		}
	}
}

// completedFlags are those that completeFlag knows beside the ones of flagValues.
var completedFlags = []string{"chdir", "out", "example", "format", "output", "explain", "only", "skill", "base", "version", "prefix", "product", "title", "framework", "jobs", "force", "expect"}

// completeFlag returns what completes the values of a flag; nil where files do.
func (a *app) completeFlag(c *cobra.Command, flag string) cobra.CompletionFunc {
	switch flag {
	case "chdir", "out", "example":
		return func(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
			return nil, cobra.ShellCompDirectiveFilterDirs
		}
	case "format":
		return func(c *cobra.Command, _ []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
			return formatsOf(c), cobra.ShellCompDirectiveNoFileComp
		}
	case "output":
		var formats []string
		for _, name := range formatsOf(c) {
			formats = append(formats, name+"=")
		}
		return cobra.FixedCompletions(formats, cobra.ShellCompDirectiveNoFileComp|cobra.ShellCompDirectiveNoSpace)
	case "explain":
		if c.Name() == "check" {
			return cobra.FixedCompletions(checkIDs(), cobra.ShellCompDirectiveNoFileComp)
		}
		return cobra.FixedCompletions(kindIDs(), cobra.ShellCompDirectiveNoFileComp)
	case "only":
		return completeList(kindIDs())
	case "skill":
		return a.completeSkills
	case "base":
		return completePrevious
	case "version", "prefix", "product", "title", "framework", "jobs", "force", "expect":
		return nothing
	}
	if values := flagValues[flag]; values != nil {
		return cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp)
	}
	return nil
}

// flagValues are the values of flags that take one of a few, whichever command has them.
var flagValues = map[string][]string{
	"color":       {"auto", "always", "never"},
	"layout":      {string(project.Flat), string(project.References)},
	"stages":      {string(project.StageFiles), string(project.StageInline)},
	"fail-on":     {"error", "warning", "any", "never"},
	"level":       {"error", "warning", "info", "all"},
	"gate-config": {"base", "revision"},
	"language":    project.Languages,
}

// kindIDs lists the kinds of change, each with what it means.
func kindIDs() []cobra.Completion {
	var all []cobra.Completion
	for _, k := range prosediff.Kinds {
		all = append(all, cobra.CompletionWithDesc(k.ID, k.Purpose))
	}
	return all
}

// checkIDs lists the checks, each with what it finds.
func checkIDs() []cobra.Completion {
	var all []cobra.Completion
	for _, r := range diag.Table {
		all = append(all, cobra.CompletionWithDesc(r.ID, r.Purpose))
	}
	return all
}

// firstOf offers values for the first argument.
func firstOf(values ...cobra.Completion) cobra.CompletionFunc {
	return func(_ *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return values, cobra.ShellCompDirectiveNoFileComp
	}
}

// completeList offers values behind each comma.
func completeList(values []cobra.Completion) cobra.CompletionFunc {
	return func(_ *cobra.Command, _ []string, word string) ([]cobra.Completion, cobra.ShellCompDirective) {
		before := word[:strings.LastIndexByte(word, ',')+1]
		var all []cobra.Completion
		for _, v := range values {
			all = append(all, before+v)
		}
		return all, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	}
}

// completePrevious offers the word for the release before, beside the files that a shell offers itself.
func completePrevious(_ *cobra.Command, _ []string, word string) ([]cobra.Completion, cobra.ShellCompDirective) {
	if word != "" && strings.HasPrefix("previous", word) {
		return []cobra.Completion{"previous"}, cobra.ShellCompDirectiveNoFileComp
	}
	return nil, cobra.ShellCompDirectiveDefault
}

// completeFrameworks offers the frameworks of the project that are not named yet. Of one that can't be read it offers what can.
func (a *app) completeFrameworks(_ *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
	w, err := a.open()
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	defer w.tree.Close()
	p, _, err := project.Load(w.tree, project.Options{Skillgen: version})
	if err != nil || p == nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var all []cobra.Completion
	for _, f := range p.Frameworks {
		if !slices.Contains(args, f.ID) {
			all = append(all, cobra.CompletionWithDesc(f.ID, diag.Terminal(f.Title.S)))
		}
	}
	return all, cobra.ShellCompDirectiveNoFileComp
}

// completeSkills offers the skills of the output folder.
func (a *app) completeSkills(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
	_, names := a.builtSkills()
	return names, cobra.ShellCompDirectiveNoFileComp
}

// completeOutputs offers a line of each skill of the output folder; where the word begins otherwise, a shell offers files.
func (a *app) completeOutputs(_ *cobra.Command, args []string, word string) ([]cobra.Completion, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	folder, names := a.builtSkills()
	var all []cobra.Completion
	for _, name := range names {
		if line := folder + "/" + name + "/SKILL.md:"; strings.HasPrefix(line, word) {
			all = append(all, line)
		}
	}
	if len(all) == 0 {
		return nil, cobra.ShellCompDirectiveDefault
	}
	return all, cobra.ShellCompDirectiveNoSpace
}

// builtSkills lists the skills in the output folder, which is named as a person would from where the command runs.
func (a *app) builtSkills() (folder string, names []string) {
	w, err := a.open()
	if err != nil {
		return "", nil
	}
	defer w.tree.Close()
	p, _, err := project.Load(w.tree, project.Options{Skillgen: version})
	if err != nil || p == nil {
		return "", nil
	}
	out, _, err := a.outputDir(w, p.Config.Paths.Dist)
	if err != nil {
		return "", nil
	}
	entries, err := os.ReadDir(filepath.Join(out, "skills"))
	if err != nil {
		return "", nil
	}
	for _, e := range entries {
		if message, _ := project.IDFault(e.Name()); e.IsDir() && message == "" {
			names = append(names, e.Name())
		}
	}
	here, err := a.start()
	if err != nil {
		return "", nil
	}
	folder, err = filepath.Rel(here, filepath.Join(out, "skills"))
	if err != nil {
		return "", nil
	}
	return filepath.ToSlash(folder), names
}
