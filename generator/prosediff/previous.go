package prosediff

import (
	"fmt"
	"strings"

	"golang.org/x/mod/semver"
)

// Previous returns the tag of the previous release in the repository that holds dir: the highest SemVer tag, with or without a leading v,
// that HEAD can reach; pre-releases are skipped. Where there is none the error is *NoPrevious; in a shallow clone, which may hide tags, it is an
// *OpenError, since "there is none" could not be told from "it was not fetched".
func Previous(dir string) (string, error) {
	if _, err := gitOutput(dir, "rev-parse", "--git-dir"); err != nil {
		return "", &NoPrevious{"this is no git repository"}
	}
	shallow, err := gitOutput(dir, "rev-parse", "--is-shallow-repository")
	if err != nil {
		return "", fmt.Errorf("looking for the previous release: %w", err)
	}
	if strings.TrimSpace(shallow) == "true" {
		return "", &OpenError{"previous", "this clone is shallow, so releases before it may be hidden", "git fetch --unshallow --tags"}
	}
	if _, err := gitOutput(dir, "rev-parse", "--verify", "--quiet", "HEAD"); err != nil {
		return "", &NoPrevious{"there is no commit yet"}
	}
	list, err := gitOutput(dir, "tag", "--merged", "HEAD")
	if err != nil {
		return "", fmt.Errorf("looking for the previous release: %w", err)
	}
	best, found := "", ""
	for tag := range strings.SplitSeq(strings.TrimSpace(list), "\n") {
		v := "v" + strings.TrimPrefix(tag, "v")
		if !semver.IsValid(v) || semver.Prerelease(v) != "" || strings.Count(v, ".") != 2 {
			continue
		}
		if found == "" || semver.Compare(v, best) > 0 {
			best, found = v, tag
		}
	}
	if found == "" {
		return "", &NoPrevious{"no tag that HEAD can reach is a version"}
	}
	return found, nil
}

// NoPrevious says that there is no release to compare with, and why.
type NoPrevious struct{ Why string }

func (e *NoPrevious) Error() string { return "there is no previous release: " + e.Why }
