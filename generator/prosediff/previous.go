package prosediff

import (
	"cmp"
	"errors"
	"fmt"
	"os/exec"
	"slices"
	"strings"

	"golang.org/x/mod/semver"
)

// Tag is a tag of a repository whose name is a version.
type Tag struct {
	Name    string // as it was given: v1.4.0
	Ref     string // in full, so that nothing else can be meant: refs/tags/v1.4.0
	Version string // without v
}

// Previous returns the tag of the previous release in the repository that holds dir: the highest SemVer tag, with or without a leading v,
// that HEAD can reach; pre-releases are skipped. next is the version that is to be released, or empty: its own tag, where it stands at HEAD
// already, is not one before it. Where there is none the error is *NoPrevious. In a shallow clone, which may hide tags, it is an
// *OpenError, since "there is none" could not be told from "it was not fetched"; where git can't or won't say, it is git's own.
func Previous(dir, next string) (Tag, error) {
	if err := repository(dir); err != nil {
		return Tag{}, err
	}
	shallow, err := gitOutput(dir, "rev-parse", "--is-shallow-repository")
	if err != nil {
		return Tag{}, fmt.Errorf("looking for the previous release: %w", err)
	}
	if strings.TrimSpace(shallow) == "true" {
		return Tag{}, &OpenError{"previous", "this clone is shallow, so releases before it may be hidden", "git fetch --unshallow --tags"}
	}
	if _, err := gitOutput(dir, "rev-parse", "--verify", "--quiet", "HEAD"); err != nil {
		return Tag{}, &NoPrevious{"there is no commit yet"}
	}
	tags, err := versions(dir, "--merged=HEAD")
	if err != nil {
		return Tag{}, fmt.Errorf("looking for the previous release: %w", err)
	}
	own := ""
	if next != "" {
		if own, err = gitOutput(dir, "for-each-ref", "--format=%(refname)", "--points-at=HEAD", "refs/tags"); err != nil {
			return Tag{}, fmt.Errorf("looking for tags of HEAD: %w", err)
		}
	}
	for _, t := range tags {
		mine := t.Version == next && strings.Contains("\n"+own, "\n"+t.Ref+"\n")
		if semver.Prerelease("v"+t.Version) == "" && !mine {
			return t, nil
		}
	}
	return Tag{}, &NoPrevious{"no tag that HEAD can reach is a version"}
}

// repository returns an error where dir lies in no repository that git reads. That there is none is *NoPrevious; that git refuses to look, as
// it does in a folder of another user's, is something else, and no reason to take a release for the first.
func repository(dir string) error {
	_, err := gitOutput(dir, "rev-parse", "--git-dir")
	switch {
	case err == nil:
		return nil
	case errors.Is(err, exec.ErrNotFound):
		return &OpenError{"previous", "git is not installed", "releases are found with git; or name a folder or an archive as base"}
	case strings.Contains(err.Error(), "not a git repository"):
		return &NoPrevious{"this is no git repository"}
	}
	return fmt.Errorf("looking for the previous release: %w", err)
}

// versions returns the tags that are versions, the highest first, among those that the options of for-each-ref select.
func versions(dir, selection string) ([]Tag, error) {
	list, err := gitOutput(dir, "for-each-ref", "--format=%(refname)", selection, "refs/tags")
	if err != nil {
		return nil, err
	}
	var tags []Tag
	for ref := range strings.Lines(list) {
		ref = strings.TrimSuffix(ref, "\n")
		name := strings.TrimPrefix(ref, "refs/tags/")
		if v := "v" + strings.TrimPrefix(name, "v"); semver.IsValid(v) && semver.Canonical(v)+semver.Build(v) == v {
			tags = append(tags, Tag{Name: name, Ref: ref, Version: v[1:]})
		}
	}
	slices.SortStableFunc(tags, func(a, b Tag) int { return semver.Compare("v"+b.Version, "v"+a.Version) })
	return tags, nil
}

// Version returns the version that the commit has as a release: that of the tag that ref names, else the highest of its tags; empty where no
// tag of it is a version.
func (c Commit) Version(ref string) (string, error) {
	tags, err := versions(c.Dir, "--points-at="+c.Hex)
	if err != nil {
		return "", fmt.Errorf("looking for tags of %s: %w", c.Hex, err)
	}
	best := ""
	for _, t := range tags {
		if t.Name == ref || t.Ref == ref {
			return t.Version, nil
		}
		best = cmp.Or(best, t.Version)
	}
	return best, nil
}

// NoPrevious says that there is no release to compare with, and why.
type NoPrevious struct{ Why string }

func (e *NoPrevious) Error() string { return "there is no previous release: " + e.Why }

// Prefix returns the way from the top of the repository that holds dir to dir, slash-separated; empty where they are one.
func Prefix(dir string) (string, error) {
	prefix, err := gitOutput(dir, "rev-parse", "--show-prefix")
	if err != nil {
		return "", fmt.Errorf("looking for the top of the repository: %w", err)
	}
	return strings.TrimSuffix(strings.TrimSuffix(prefix, "\n"), "/"), nil
}
