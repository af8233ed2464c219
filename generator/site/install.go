package site

import (
	"html/template"
	"slices"
	"strings"
)

// way is one way to install skills.
type way struct {
	Title    string
	Text     string   // one sentence; may be empty
	Commands []string // to copy, a line each
	Links    []place
}

// place is a link to a file of the release, or to a place on a page.
type place struct {
	Text string
	Href template.URL
}

// here is how commands name the folder of the release, when they are run in it.
const here = "./"

// waysTo lists how one skill is installed with each consumer. In Claude Code it is one of a plugin, unless no plugin holds it.
func waysTo(in *Input, s *Skill) []way {
	archive := "archives/" + s.Name
	pack := place{archive + ".tar.gz", template.URL(archive + ".tar.gz")}
	zip := place{archive + ".zip", template.URL(archive + ".zip")}
	folder := "~/.claude/skills/" + s.Name
	ways := []way{
		{
			Title: "Claude Code", Text: "As a plugin, with the other skills that belong to it.",
			Commands: []string{"claude plugin marketplace add " + here, "claude plugin install " + quoted(s.Plugin+"@"+in.Marketplace)},
		}, {
			Title: "skills", Text: in.scope(), Commands: []string{"npx skills add " + in.source() + " --skill " + s.Name},
		}, {
			Title:    "Gemini CLI",
			Commands: []string{"gemini skills install " + here + "skills/" + s.Name},
		}, {
			Title: "claude.ai", Text: "Upload this file where the settings list skills.", Links: []place{zip},
		}, {
			Title: "curl", Text: in.addressed("All files of the skill, unpacked where Claude Code looks for them."),
			Commands: append(in.address(), "mkdir -p "+folder, "curl -fsSL "+in.at(archive+".tar.gz")+" | tar -xz -C "+folder), Links: []place{pack},
		}, {
			Title: "curl, one file", Text: alone(s),
			Commands: append(in.address(), "curl -fsSL --create-dirs -o "+folder+"/SKILL.md "+in.at("skills/"+s.Name+"/SKILL.md")),
			Links:    []place{{"SKILL.md", template.URL(filePath(s.Name, skillFile))}},
		}, {
			Title: "A copy", Text: "Into the folder in which your agent looks for skills.",
			Commands: []string{"mkdir -p ~/.claude/skills", "cp -R skills/" + s.Name + " ~/.claude/skills/"},
		},
	}
	if s.Plugin == "" {
		return ways[1:]
	}
	return ways
}

// alone says what a skill's SKILL.md is without its other files.
func alone(s *Skill) string {
	if len(s.Files) == 1 {
		return "The skill is this one file."
	}
	return "SKILL.md alone, to read; what it names beside itself is missing then."
}

// waysToAll lists how all skills are installed.
func waysToAll(in *Input) []way {
	claude := []string{"claude plugin marketplace add " + here}
	for _, plugin := range plugins(in) {
		claude = append(claude, "claude plugin install "+quoted(plugin+"@"+in.Marketplace))
	}
	index := place{".well-known/agent-skills/index.json", ".well-known/agent-skills/index.json"}
	return []way{
		{Title: "Claude Code", Text: "The folder is a marketplace of plugins.", Commands: claude},
		{Title: "skills", Text: in.scope(), Commands: []string{"npx skills add " + in.source() + " --skill '*'"}},
		{Title: "Gemini CLI", Text: "The folder is an extension.", Commands: []string{"gemini extensions install " + here}},
		{Title: "claude.ai", Text: "Takes one skill at a time: each skill's page has its archive."},
		{Title: "Other agents", Text: "Served as a website, the folder has the index of skills that agents look for.", Links: []place{index}},
		{Title: "A copy", Text: "Into the folder in which your agent looks for skills.", Commands: []string{"mkdir -p ~/.claude/skills", "cp -R skills/* ~/.claude/skills/"}},
	}
}

// plugins lists the plugins that hold skills, sorted.
func plugins(in *Input) []string {
	var names []string
	for _, s := range in.Skills {
		if s.Plugin != "" {
			names = append(names, s.Plugin)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// source is the release as the skills command takes it. From its own folder it must not be installed into that folder.
func (in *Input) source() string {
	if in.URL == "" {
		return here + " -g"
	}
	return quoted(in.URL)
}

// scope says whom source installs for.
func (in *Input) scope() string {
	const what = "The npm command; it knows many agents and asks which."
	if in.URL == "" {
		return what + " With -g it installs for all your projects."
	}
	return what + " Run in a project it installs for that one, with -g for all."
}

// address is the line that says where the release is served, where only a reader knows.
func (in *Input) address() []string {
	if in.URL == "" {
		return []string{"SITE=https://…"}
	}
	return nil
}

// addressed adds to a text what a reader has to fill in.
func (in *Input) addressed(text string) string {
	if in.URL == "" {
		return text + " SITE is the address of the folder of this page."
	}
	return text
}

// at is the address of a file of the release as a word of a shell.
func (in *Input) at(path string) string {
	if in.URL == "" {
		return `"$SITE/` + path + `"`
	}
	return quoted(in.URL + "/" + path)
}

// quoted writes a word so that a POSIX shell takes it as it is.
func quoted(s string) string {
	const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@%+=:,./-_"
	if s != "" && strings.Trim(s, plain) == "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
