package diag

import "slices"

// Row describes one check: its ids never change meaning.
type Row struct {
	ID       string
	Severity Severity // default level
	Fixed    bool     // `checks:` in skillgen.yaml can't change its level
	Purpose  string   // one sentence
}

// Table lists every check, sorted by id.
//
// How to add one: a row here, then diag.New with its id in the room that sees the fault.
var Table = []Row{
	{"airplane-failed", Error, true, "A model airplane did not fly: a command failed, time ran out, or what it is expected to send did not arrive."},
	{"airplane-not-flown", Warning, true, "A model airplane was not flown, because something that it needs is not on this machine."},
	{"airplane-stale", Warning, false, "A model airplane, or what its verify asks, has changed since it was flown: its skill no longer says that it was."},
	{"airplane-unflown", Info, false, "A model airplane that skillgen verify can fly has never been flown."},
	{"budget-example", Warning, false, "A model airplane has more tokens than its budget."},
	{"budget-head", Warning, false, "The head of a SKILL.md is longer than what some agents are shown."},
	{"budget-page", Warning, false, "A page has more tokens than its budget."},
	{"budget-skill", Warning, false, "A skill has more tokens than its budget."},
	{"budget-stage", Warning, false, "A stage has more tokens than its budget."},
	{"clean-pattern", Error, true, "A rule of `clean` holds a pattern that can't be used."},
	{"clean-unused", Warning, false, "A rule of `clean` matches nothing in the pages in use."},
	{"config-key", Error, true, "A file of the project holds a key that skillgen does not know, or holds one twice."},
	{"config-missing", Error, true, "A file of the project lacks a key that it must have."},
	{"config-value", Error, true, "A key in a file of the project has a value that it can't have."},
	{"dist-blocked", Error, true, "A file that skillgen did not write, or that was edited since, stands where build or release must write."},
	{"dist-case", Error, true, "Two outputs have paths that differ only by case, or one would have to be a file and a folder at once."},
	{"dist-edited", Warning, false, "A file that skillgen once wrote to the output folder was edited since, and is kept as it is."},
	{"dist-report", Error, true, "The report.json or release.json in the output folder is none of skillgen's or lists impossible paths, so skillgen does not know its own files."},
	{"docs-source", Error, true, "A source of docs names no page."},
	{"example-binary", Info, false, "A file of a model airplane is binary and is left out."},
	{"example-encoding", Error, true, "A file of a model airplane is text in another encoding than UTF-8."},
	{"example-marker", Error, true, "A skillgen: marker in a model airplane is unknown, nested or without its counterpart, or shares its line with code."},
	{"example-missing", Error, true, "The folder that an example names does not exist, is no folder, or holds nothing for a skill."},
	{"example-path", Error, true, "The path of a file in a model airplane holds characters that can not be shown."},
	{"example-pattern", Error, true, "A pattern under include or exclude means nothing."},
	{"example-size", Warning, false, "A file of a model airplane is too large and is left out."},
	{"fetch-failed", Error, true, "A page could not be had from its website; its snapshot, where there is one, is stale."},
	{"fetch-header", Warning, false, "A header that a host needs comes from an environment variable which is not set."},
	{"fetch-index", Warning, false, "The list of a whole site names what is not fetched."},
	{"fetch-invisible", Info, false, "Characters that nobody sees were taken out of a fetched page."},
	{"fetch-refused", Error, true, "What a website sent for a page is not taken: it is none, another one, or much less than before."},
	{"framework-clash", Error, true, "Two files of frameworks have one id."},
	{"framework-draft", Info, false, "A framework is a draft: it is left out."},
	{"framework-name", Error, true, "A file in the folder of frameworks has a name that gives no valid id."},
	{"framework-none", Error, true, "The project has no framework and no standalone workflow, so there is no skill to make."},
	{"front-matter", Error, true, "The front matter of a file does not begin or end as it must."},
	{"hidden-text", Error, true, "A file holds characters that a reader does not see and an agent does."},
	{"link-target", Error, true, "A template or guidance points at something that the skill does not have."},
	{"lock", Error, true, "A lock file can't be read, or says what can't be."},
	{"manifest", Warning, false, "A package manifest of a model airplane does not parse, so its versions are not known."},
	{"page-anchor", Warning, false, "A link in a page names a heading that its target does not have."},
	{"page-component", Warning, false, "A page holds a component or container that skillgen does not know; what it holds is kept."},
	{"page-empty", Warning, false, "A page without words."},
	{"page-encoding", Error, false, "A page is no text, or not UTF-8."},
	{"page-expression", Warning, false, "A page holds expressions whose words are known only once the page is rendered; they are left out."},
	{"page-front-matter", Warning, false, "The front matter of a page can't be read."},
	{"page-hostile", Error, true, "A text that would cost a parser of Markdown more than its size warrants."},
	{"page-html", Warning, false, "A page looks like an HTML page that was saved as Markdown."},
	{"page-image", Info, false, "An image whose bytes stand in a page; only its alt text is kept."},
	{"page-include", Warning, false, "A page includes a partial or a file that is not there or must not be read."},
	{"page-key", Warning, false, "Two pages would have the same file name in a skill."},
	{"page-left-out", Info, false, "A file has the name of a page and can't be one yet, or can't be read."},
	{"page-link", Warning, false, "A link in a page leads nowhere."},
	{"page-mdx", Warning, false, "The MDX of a page is not closed or nested as it must be."},
	{"page-moved", Warning, false, "A fetched page answers from another address."},
	{"page-outdated", Error, true, "fetch --check: a snapshot is not what its website has now."},
	{"page-unclosed", Warning, false, "A page leaves a fence, an HTML element or a comment open; it is closed where the page ends."},
	{"page-unused", Info, false, "A page of docs that no skill carries."},
	{"page-url", Warning, false, "Two pages have the same URL."},
	{"partial-unused", Info, false, "A partial that no template uses."},
	{"pattern-unused", Warning, false, "A pattern under include or exclude matches nothing."},
	{"project-file", Error, true, "A file of the project can't be read: it is a link, too large, or no text."},
	{"release-archive", Error, true, "An archive of a release does not hold what its skill does."},
	{"release-file", Error, true, "A file of a release is missing, changed or not listed."},
	{"release-listing", Warning, false, "The names and descriptions of a plugin's skills are longer than what agents show of them."},
	{"release-name", Error, false, "The name of a skill with that of its plugin is longer than consumers accept."},
	{"release-plugin", Warning, false, "A plugin of the marketplace holds no skill, or names what does not exist, or a skill is in no plugin."},
	{"release-record", Error, true, "What the files of a release say of it does not agree."},
	{"release-semver", Error, true, "The version of a release is lower than its changes ask for."},
	{"release-version", Error, true, "The version of a release is not above that of the release before it."},
	{"requires", Error, true, "The project asks for another version of skillgen."},
	{"schema-stale", Info, false, "A schema in .skillgen/schema, by which editors help with the project's files, is not that of this skillgen."},
	{"secret", Error, true, "A file holds a credential."},
	{"section-late", Warning, false, "Rules or stages stand below the long sections of skill.md, where an agent that is shown only the head does not see them."},
	{"section-missing", Error, true, "A workflow has content for which its skill.md has no place."},
	{"skill-description", Error, true, "A description that a consumer refuses."},
	{"skill-metadata", Error, true, "A key of metadata that a consumer refuses, or that skillgen writes itself."},
	{"skill-name", Error, true, "A skill name that a consumer refuses."},
	{"skill-name-clash", Error, true, "Two skills have one name."},
	{"skill-path", Error, true, "A file of a skill whose path a consumer refuses or loses."},
	{"skill-size", Error, true, "A skill with more files or bytes than consumers accept."},
	{"snapshot-edited", Warning, false, "A fetched page is not what skillgen.lock says: it was edited by hand, or half of a fetch was committed."},
	{"snapshot-missing", Warning, false, "A fetched page that skillgen.lock lists is not there."},
	{"stage-requires", Error, false, "A stage requires a file that no earlier stage produces."},
	{"stray-file", Warning, false, "A file in the folders of frameworks or templates that skillgen does not read."},
	{"tag-rules", Error, true, "A tag file holds something before its first heading that is no rule."},
	{"tag-unknown", Warning, false, "A tag has no file, but nearly the name of one that does."},
	{"tag-unused", Info, false, "A tag file that applies to no framework."},
	{"template", Error, true, "A template does not follow the template language."},
	{"template-block", Error, true, "A template leaves a fence or an HTML element open, which swallows what comes after it."},
	{"template-cycle", Error, true, "Partials include each other in a circle, or too deep."},
	{"template-label", Error, true, "A template defines a label of links or footnotes that pages in the same file would mean too."},
	{"template-name", Error, true, "A template names a partial, word, tag or stage that does not exist."},
	{"template-value", Error, true, "A template asks for a value that a skill does not have."},
	{"workflow-file", Error, true, "A file of a workflow has a name that gives it no place, or the same place as another."},
	{"workflow-needs", Error, true, "A workflow needs an example or docs that a framework does not give it."},
	{"yaml", Error, true, "A file of the project holds YAML that is not valid, or a part of YAML that skillgen does not read."},
}

// Lookup returns the row of a check.
func Lookup(id string) (Row, bool) {
	i, ok := slices.BinarySearchFunc(Table, id, func(r Row, id string) int {
		if r.ID < id {
			return -1
		} else if r.ID > id {
			return 1
		}
		return 0
	})
	if !ok {
		return Row{}, false
	}
	return Table[i], true
}
