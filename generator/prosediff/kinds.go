package prosediff

import "slices"

// Kind is a kind of change: a row of Kinds.
type Kind struct {
	ID      string
	Level   Level // the usual one; a message says why a change has another
	Area    string
	Purpose string // one sentence
	Mirror  string // the kind that the same change has with the sides exchanged
	Waived  string // why there is no mirror
}

// Kinds lists every kind of change, sorted by id. Ids never change meaning.
//
// How to add one: a row here, and in one of the families (below) the place that sees it. A kind that explains an edit claims it, so that it is
// not reported again as plain text; a claim never hides an error or a warning.
var Kinds = []Kind{
	{"accept-expired", Warning, "gate", "An accepted change has passed the date until which it was accepted.", "", "about the accept file, which has one side"},
	{"accept-stale", Warning, "gate", "An entry of the accept file fits no change any more.", "", "about the accept file, which has one side"},
	{"artifact-changed", Error, "stages", "A file that a stage writes or reads has another name: the stage that expects it will not find it.", "artifact-changed", ""},
	{"binary-changed", Error, "files", "A file that is no text was added, removed or changed; only its hash can be compared.", "binary-changed", ""},
	{"code-changed", Info, "code", "Code of an example or fence changed.", "code-changed", ""},
	{"code-lang-changed", Mechanical, "code", "The language that a fence names changed.", "code-lang-changed", ""},
	{"command-changed", Warning, "code", "A shell command that an agent may run was added, removed or changed.", "command-changed", ""},
	{"danger-destructive", Error, "danger", "A command that destroys data or history is new.", "", "only what is new is a danger"},
	{"danger-obfuscated", Error, "danger", "Hidden characters, hidden instructions or encoded code are new.", "", "only what is new is a danger"},
	{"danger-secret", Error, "danger", "A credential is new.", "", "only what is new is a danger"},
	{"danger-shell-pipe", Error, "danger", "A download that is run unseen is new.", "", "only what is new is a danger"},
	{"description-changed", Warning, "frontmatter", "The description changed, by which agents decide to load the skill.", "description-changed", ""},
	{"description-trigger-removed", Error, "frontmatter", "A phrase of the description that makes agents load the skill is gone.", "", "a trigger that is new shows as description-changed"},
	{"env-added", Warning, "env", "The skill names an environment variable that it did not name.", "env-removed", ""},
	{"env-removed", Error, "env", "The skill no longer names an environment variable.", "env-added", ""},
	{"env-renamed", Error, "env", "An environment variable has another name.", "env-renamed", ""},
	{"formatting-only", Mechanical, "text", "Only layout changed: wrapping, list markers, padding, quoting, line ends.", "formatting-only", ""},
	{"frontmatter-added", Info, "frontmatter", "A front matter key is new.", "frontmatter-removed", ""},
	{"frontmatter-changed", Info, "frontmatter", "The value of a front matter key changed.", "frontmatter-changed", ""},
	{"frontmatter-removed", Info, "frontmatter", "A front matter key is gone.", "frontmatter-added", ""},
	{"gate-loosened", Warning, "gate", "A setting of the gate is new or looser than in the base. Never accepted, silenced or cut.", "", "a gate that became stricter needs no look"},
	{"license-changed", Warning, "frontmatter", "The license changed.", "license-changed", ""},
	{"link-broken", Error, "links", "A link leads to a file or heading that the revision does not have.", "", "a link that was mended needs no look"},
	{"link-only", Mechanical, "links", "Only the destination of a link changed, and it exists.", "link-only", ""},
	{"moved-only", Mechanical, "text", "Text stands elsewhere in the skill, otherwise unchanged.", "moved-only", ""},
	{"next-step-changed", Warning, "stages", "A stage names another stage as the next.", "next-step-changed", ""},
	{"number-changed", Info, "text", "A number, version or limit changed.", "number-changed", ""},
	{"number-only", Mechanical, "text", "Only the number of a step or stage that is referred to changed.", "number-only", ""},
	{"placeholder-left", Error, "text", "A placeholder is new: {{x}}, TODO, <no value>.", "", "only what is new was left"},
	{"reference-added", Info, "files", "The skill has a new file.", "reference-removed", ""},
	{"reference-removed", Warning, "files", "The skill no longer has a file.", "reference-added", ""},
	{"reference-renamed", Info, "files", "A file of the skill has another path.", "reference-renamed", ""},
	{"renumbered-only", Mechanical, "text", "Only the numbers of steps, stages or list items changed.", "renumbered-only", ""},
	{"rule-added", Info, "rules", "A rule or instruction is new.", "rule-removed", ""},
	{"rule-polarity", Error, "rules", "A sentence may say the opposite: a negation came or went, or a word became its antonym.", "rule-polarity", ""},
	{"rule-removed", Warning, "rules", "A rule or instruction is gone, and nothing in the skill is like it. An error where it was a strong one.", "rule-added", ""},
	{"rule-strengthened", Info, "rules", "A rule binds more than before.", "rule-weakened", ""},
	{"rule-weakened", Warning, "rules", "A rule binds less than before, or has an exception. An error where a strong one no longer binds.", "rule-strengthened", ""},
	{"script-changed", Warning, "files", "A script that an agent may run was added, removed or changed.", "script-changed", ""},
	{"section-added", Info, "structure", "A section is new.", "section-removed", ""},
	{"section-moved", Info, "structure", "A section stands elsewhere.", "section-moved", ""},
	{"section-removed", Warning, "structure", "A section is gone with most of its text.", "section-added", ""},
	{"section-renamed", Info, "structure", "A section has another heading.", "section-renamed", ""},
	{"skill-added", Info, "skills", "A skill is new.", "skill-removed", ""},
	{"skill-removed", Error, "skills", "A skill is gone.", "skill-added", ""},
	{"skill-renamed", Error, "skills", "A skill has another name: who installed it by name will not find it.", "skill-renamed", ""},
	{"stage-added", Warning, "stages", "A stage or step is new.", "stage-removed", ""},
	{"stage-removed", Error, "stages", "A stage or step is gone.", "stage-added", ""},
	{"stage-renamed", Info, "stages", "A stage or step has another name.", "stage-renamed", ""},
	{"stage-reordered", Warning, "stages", "Stages or steps come in another order.", "stage-reordered", ""},
	{"stamp-only", Mechanical, "frontmatter", "Only a version, a content hash or a line count that is made anew with each release changed.", "stamp-only", ""},
	{"text-changed", Info, "text", "Any other change of text.", "text-changed", ""},
	{"token-budget-exceeded", Error, "size", "The skill has more tokens than its budget, and had not before.", "", "a skill that became smaller needs no look"},
	{"token-growth", Warning, "size", "The skill grew by more than a fifth.", "", "a skill that became smaller needs no look"},
	{"tools-broadened", Error, "frontmatter", "The skill allows tools that it did not allow.", "tools-narrowed", ""},
	{"tools-narrowed", Warning, "frontmatter", "The skill no longer allows a tool.", "tools-broadened", ""},
	{"url-changed", Mechanical, "links", "The address of a link changed on the same host.", "url-changed", ""},
	{"url-host-added", Warning, "links", "A host is named that the base did not name.", "", "a host that is no longer named needs no look"},
	{"url-scheme-downgraded", Error, "links", "An address that was https is http.", "", "a scheme that became safer shows as url-changed"},
	{"variant-drift", Warning, "variants", "The same edit was made in most skills that held the text, but not in all.", "variant-drift", ""},
}

// Lookup returns the row of a kind.
func Lookup(id string) (Kind, bool) {
	i, ok := slices.BinarySearchFunc(Kinds, id, func(k Kind, id string) int {
		if k.ID < id {
			return -1
		} else if k.ID > id {
			return 1
		}
		return 0
	})
	if !ok {
		return Kind{}, false
	}
	return Kinds[i], true
}

// families are the functions that read changes from the comparison of one skill, in an order in which the particular comes before the
// general: what one claims, a later one does not report as plain text.
var families = []func(*skillDiff){
	(*skillDiff).findFiles,
	(*skillDiff).findSections,
	(*skillDiff).findFrontMatter,
	(*skillDiff).findEnv,
	(*skillDiff).findColumns,
	(*skillDiff).findStageText,
	(*skillDiff).findRules,
	(*skillDiff).findLinks,
	(*skillDiff).findStamps,
	(*skillDiff).findNumbers,
	(*skillDiff).findDangers,
	(*skillDiff).findPlaceholders,
	(*skillDiff).findGrowth,
}

// rest are the families that run when all skills have been looked at: a term that was renamed is known by its number of places.
var rest = []func(*skillDiff){
	(*skillDiff).findTerms,
	(*skillDiff).findHeadings,
	(*skillDiff).findCode,
	(*skillDiff).findRest,
}

// newborn are the families that look at a skill that is new as a whole.
var newborn = []func(*skillDiff){
	(*skillDiff).findLinks,
	(*skillDiff).findDangers,
	(*skillDiff).findPlaceholders,
	(*skillDiff).findGrowth,
}
