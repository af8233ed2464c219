package main

import (
	"fmt"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"skillgen/generator"
	"skillgen/generator/diag"
)

// Both are set by the linker for a release (make binaries): -ldflags "-X main.version=1.2.3 -X main.commit=…".
var (
	version = "0.0.0-dev"
	commit  string
)

func newVersion(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version, the commit and the digest of the built-in templates",
		Long: `version prints the version, the commit that the binary was built from, where the build knew it, and the digest of the built-in
templates. The digest also stands in the manifest of every build: two skillgens with one digest hold the same workflows.`,
		Example: `  skillgen version
  skillgen version --format json`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error { return runVersion(a) },
	}
}

func runVersion(a *app) error {
	templates, err := generator.BuiltinDigest()
	if err != nil {
		return err
	}
	built := builtFrom()
	if a.format == "json" {
		return diag.WriteJSON(a.stdout, struct {
			Version   string `json:"version"`
			Commit    string `json:"commit,omitempty"`
			Templates string `json:"templates"`
		}{version, built, templates})
	}
	line := "skillgen " + version
	if built != "" {
		line += " (" + short(built) + ")"
	}
	_, err = fmt.Fprintf(a.stdout, "%s\ntemplates %s\n", line, templates)
	return err
}

// dirty ends a commit where files had changed since.
const dirty = "+dirty"

// builtFrom is the commit that the binary was built from, in full; "" where nobody knew.
func builtFrom() string {
	if commit != "" {
		return commit
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	settings := map[string]string{}
	for _, s := range info.Settings {
		settings[s.Key] = s.Value
	}
	if settings["vcs.revision"] != "" && settings["vcs.modified"] == "true" {
		return settings["vcs.revision"] + dirty
	}
	return settings["vcs.revision"]
}

// short is a commit as people write it.
func short(commit string) string {
	hash, changed := strings.CutSuffix(commit, dirty)
	hash = hash[:min(len(hash), 12)]
	if changed {
		return hash + dirty
	}
	return hash
}
