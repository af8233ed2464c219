package templates

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// foreign matches words of one product or of one kind of product. The built-in templates must do for payments and log-in as well as for
// analytics: the product's words come in through frameworks/partials.
var foreign = regexp.MustCompile(`(?i)posthog|\bph[cx]_|(^|[^a-z])events?([^a-z]|$)|[a-z]Event\b|\bEvent[A-Z]|analytic|\bcaptur|\btrack(s|ed|er|ing)?\b|telemetry|\bmetrics?\b|\bfunnels?\b|` +
	`\bdashboards?\b|page ?views?\b|distinct_?id|\bidentif(y|ies|ied)\b|\binstrument|\binsights?\b|\bexperiments?\b|\bcohorts?\b|feature ?flags?\b|` +
	`\bsession (replay|recording)s?\b|\bchurn`)

// prose returns what the built-in workflows consist of: path, from this folder, to text.
func prose(t *testing.T) map[string]string {
	t.Helper()
	texts := map[string]string{}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.Contains(path, string(filepath.Separator)) {
			return err
		}
		data, err := os.ReadFile(path)
		texts[filepath.ToSlash(path)] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(texts) < 10 {
		t.Fatalf("only %d files: this test does not see the templates", len(texts))
	}
	return texts
}

// jobName is what the workflow error-tracking is called wherever it is named: a kind of job, which several products do.
var jobName = regexp.MustCompile(`(?i)error[- ]tracking`)

func TestTemplatesNameNoProduct(t *testing.T) {
	for path, text := range prose(t) {
		if strings.HasPrefix(path, "error-tracking/") {
			text = jobName.ReplaceAllString(text, "this job")
		}
		for i, line := range strings.Split(text, "\n") {
			if word := foreign.FindString(line); word != "" {
				t.Errorf("%s:%d: %q belongs to one product:\n\t%s", path, i+1, word, line)
			}
		}
	}
}

// The words that must be found, and near misses that must not.
func TestForeignWords(t *testing.T) {
	for _, word := range []string{"PostHog", "an event", "Events.", "event_name", "user_event", "onEvent", "analytics", "captured", "captureException", "tracking", "$pageview", "distinct_id", "page views", "Identify", "a metric", "funnel", "phc_x", "instrumentation", "churn"} {
		if !foreign.MatchString(word) {
			t.Errorf("%q is not found", word)
		}
	}
	for _, word := range []string{"prevents", "seven", "revenue", "trackless", "identity", "symmetric", "expert", "the identical"} {
		if found := foreign.FindString(word); found != "" {
			t.Errorf("%q is found in %q", found, word)
		}
	}
}
