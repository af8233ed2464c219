package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A fleet is a made-up project of the size that real teams reach: 400 frameworks share 200 pages of about 8 KB and 40 model airplanes of
// about 30 KB in a dozen files, and each skill comes to about 100 KB. Pages and airplanes grow along with the frameworks (one page for two
// frameworks, one airplane for ten), so that ten times the frameworks are ten times the work and nothing hides a cost that grows faster.
//
// The same number of frameworks always gives the same bytes: words come from a generator with a fixed seed per file, never from the clock.

// writeFleet writes a fleet of n frameworks into dir.
func writeFleet(tb testing.TB, dir string, n int) {
	tb.Helper()
	f := fleet{tb: tb, dir: dir, pages: max(n/2, 12), airplanes: max(n/10, len(fleetStacks))}
	f.write("skillgen.yaml", fleetConfig)
	f.write(".gitignore", "node_modules/\n*.log\n")
	for name, text := range fleetTags {
		f.write("frameworks/tags/"+name+".md", text)
	}
	for i := range f.pages {
		f.write(f.page(i), f.pageText(i))
	}
	for i := range f.airplanes {
		f.airplane(i)
	}
	for i := range n {
		f.framework(i)
	}
}

type fleet struct {
	tb               testing.TB
	dir              string
	pages, airplanes int
}

func (f fleet) write(path, text string) {
	f.tb.Helper()
	writeFile(f.tb, filepath.Join(f.dir, filepath.FromSlash(path)), text)
}

func writeFile(tb testing.TB, path, text string) {
	tb.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		tb.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		tb.Fatal(err)
	}
}

const fleetConfig = `product: Beacon
prefix: beacon
version: 1.4.0
license: MIT
author: Beacon
homepage: https://beacon.example
sites:
  - path: website/docs
    url: https://beacon.example/docs
vars:
  region: eu
clean:
  - drop_line: Was this page useful?
    why: the site's feedback form
budget:
  skill: 90000
  page: 12000
  example: 30000
`

// fleetStacks are the kinds of frameworks: what a file of each is called, and the tags that apply.
var fleetStacks = []struct{ name, language, tag, ext, manifest string }{
	{"node", "typescript", "node", ".ts", "package.json"},
	{"python", "python", "python", ".py", "pyproject.toml"},
	{"go", "go", "go", ".go", "go.mod"},
	{"ruby", "ruby", "ruby", ".rb", "Gemfile"},
}

var fleetTags = map[string]string{
	"all": `- Read the project's README and its lint rules before planning.
- Keep the names of the plan throughout.
- Never print the value of a key.

## House rules

The project's own conventions win over everything here.
`,
	"node": `- Use the package manager whose lock file the project has.
- Await the flush before a handler of a serverless platform returns.

## Node

One client for the process; a module that exports it is enough.
`,
	"python": "- Install into the project's virtual environment, never globally.\n\n## Python\n\nThe client is thread safe.\n",
	"go":     "- Pass the client down; no package variables.\n\n## Go\n\nClose the client after the server has shut down.\n",
	"ruby":   "- Put initialisation into an initializer.\n\n## Ruby\n\nForked workers need a client of their own.\n",
}

// dice is a splitmix64 generator: a fixed seed always gives the same words, with any version of Go.
type dice uint64

func (d *dice) roll(n int) int {
	*d += 0x9e3779b97f4a7c15
	z := uint64(*d)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return int((z ^ z>>31) % uint64(n))
}

func (d *dice) pick(words []string) string { return words[d.roll(len(words))] }

var (
	nouns = strings.Fields(`account batch cache client config consumer cookie counter cursor deadline delivery device digest endpoint event
		exporter feature flag flush gateway group handler header host identity index ingest invoice job journal key label listener log
		middleware monitor order origin packet payload person pipeline plan policy project property proxy queue quota rate receipt record
		region release replay report request retry route sample schema scope secret server session shard signal snapshot span stage stream
		subscription sync table tenant timeout token trace upload user variant vault visitor webhook window worker workspace`)
	verbs = strings.Fields(`accepts adds aligns appends applies batches blocks buffers builds caches checks closes collects compares copies
		counts creates decodes defers delivers drains drops emits encodes expires exposes extends filters flushes forwards groups guards
		handles holds ignores indexes inspects joins keeps limits loads locks logs maps marks merges moves needs opens owns parses pauses
		persists posts prepares queues reads receives records refreshes rejects releases removes renews replaces reports resets resolves
		resumes retries returns routes samples saves schedules sends signs skips sorts splits starts stops stores streams switches tags
		tracks trims updates validates wraps writes`)
	adjectives = strings.Fields(`active anonymous asynchronous bounded cached cold compressed concurrent default deferred distinct durable
		empty encrypted explicit external failed fresh global graceful hidden idle immutable implicit internal late lazy local long missing
		nested optional pending persistent plain primary private public quick raw remote required reserved secondary secure shared short
		signed stable stale strict synchronous temporary trusted unique unknown unsigned valid verified`)
)

// sentence writes one sentence of documentation.
func (d *dice) sentence() string {
	n, v, a := func() string { return d.pick(nouns) }, func() string { return d.pick(verbs) }, func() string { return d.pick(adjectives) }
	switch d.roll(7) {
	case 0:
		return fmt.Sprintf("The %s %s %s the %s before the %s %s it.", a(), n(), v(), n(), n(), v())
	case 1:
		return fmt.Sprintf("When a %s is %s, the %s %s every %s **once** and %s the rest.", n(), a(), n(), v(), n(), v())
	case 2:
		return fmt.Sprintf("Set `%s_%s` to %d if your %s %s more than one %s.", n(), n(), d.roll(900)+10, n(), v(), n())
	case 3:
		return fmt.Sprintf("A %s %s, unless the %s %s it: then the *%s* %s wins.", n(), v(), n(), v(), a(), n())
	case 4:
		return fmt.Sprintf("Nothing %s the %s after `%s.%s()`, so a %s %s is safe here.", v(), n(), n(), n(), a(), n())
	case 5:
		return fmt.Sprintf("Keep the %s %s; the %s %s it within %d ms.", a(), n(), n(), v(), d.roll(5000))
	}
	return fmt.Sprintf("It's the %s's job: the %s %s %s, and the %s never %s.", n(), a(), n(), v(), n(), v())
}

func (d *dice) paragraph(sentences int) string {
	s := make([]string, sentences)
	for i := range s {
		s[i] = d.sentence()
	}
	return strings.Join(s, " ") + "\n\n"
}

// fleetFunctions is one function in each language; AA, BB, CC and NN stand for names and a number.
var fleetFunctions = map[string]string{
	".ts": `/** AaBb is called once per CC. */
export async function AABb(CC: string, BBs: Bb[] = []): Promise<AaResult> {
  const AA = BBs.filter((BB) => BB.CCId !== CC && BB.size < NN);
  if (AA.length === 0) {
    return { status: "empty", CC, message: ` + "`no ${CC} in the BB`" + ` };
  }
  for (const BB of AA) {
    await client.capture({ distinctId: BB.owner, event: "BB_AA", properties: { CC, size: BB.size } });
  }
  return { status: "ok", CC, count: AA.length };
}
`,
	".py": `def AA_BB(CC: str, BBs: list[Bb] | None = None) -> AaResult:
    """Return the AA of every BB that belongs to CC."""
    AA = [BB for BB in BBs or [] if BB.CC_id != CC and BB.size < NN]
    if not AA:
        return AaResult(status="empty", CC=CC)
    for BB in AA:
        client.capture(BB.owner, "BB_AA", properties={"CC": CC, "size": BB.size})
    return AaResult(status="ok", CC=CC, count=len(AA))

`,
	".go": `// AaBb sends the AA of every BB that belongs to CC.
func AaBb(ctx context.Context, CC string, BBs []Bb) (AaResult, error) {
	var res AaResult
	for _, b := range BBs {
		if b.CcID == CC || b.Size >= NN {
			continue
		}
		if err := client.Enqueue(beacon.Capture{DistinctId: b.Owner, Event: "BB_AA"}); err != nil {
			return res, fmt.Errorf("capturing BB_AA of %q: %w", CC, err)
		}
		res.Count++
	}
	return res, ctx.Err()
}

`,
	".rb": `# Sends the AA of every BB that belongs to CC.
def AA_BB(CC, BBs = [])
  AA = BBs.reject { |BB| BB.CC_id == CC || BB.size >= NN }
  return AaResult.new(status: :empty, CC: CC) if AA.empty?

  AA.each do |BB|
    client.capture(distinct_id: BB.owner, event: "BB_AA", properties: { CC: CC, size: BB.size })
  end
  AaResult.new(status: :ok, CC: CC, count: AA.length)
end

`,
}

// function writes one function in the language of the file extension.
func (d *dice) function(ext string) string {
	title := func(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
	a, b, c := d.pick(nouns), d.pick(nouns), d.pick(nouns)
	return strings.NewReplacer("AA", a, "Aa", title(a), "BB", b, "Bb", title(b), "CC", c, "Cc", title(c), "NN", fmt.Sprint(d.roll(9000))).
		Replace(fleetFunctions[ext])
}

var fleetSections = []string{"install", "capture", "identity", "errors", "flags", "proxies", "privacy", "exports", "groups", "limits"}

// page is the path of page i.
func (f fleet) page(i int) string {
	d := dice(i + 1000)
	return fmt.Sprintf("website/docs/%s/%s-%s-%04d.md", fleetSections[i%len(fleetSections)], d.pick(nouns), d.pick(nouns), i)
}

// pageURL is the path of page i below its site.
func (f fleet) pageURL(i int) string {
	return strings.TrimSuffix(strings.TrimPrefix(f.page(i), "website"), ".md")
}

// pageText writes page i: about 8 KB with everything that pages of docs have.
func (f fleet) pageText(i int) string {
	d := dice(i + 2000)
	var b strings.Builder
	title := fmt.Sprintf("%s %s and the %s", d.pick(adjectives), d.pick(nouns), d.pick(nouns))
	fmt.Fprintf(&b, "---\ntitle: %s\nsidebar: %d\n---\n\n# %s\n\n%s", title, i, title, d.paragraph(3))
	fmt.Fprintf(&b, "<!-- reviewed %d -->\n\n![The %s of a %s](./images/%s.png)\n\n", i, d.pick(nouns), d.pick(nouns), d.pick(nouns))
	fmt.Fprintf(&b, "## Configuration\n\n%s", d.table())
	for b.Len() < 7200 {
		f.section(&b, &d, i)
	}
	fmt.Fprintf(&b, "## Troubleshooting\n\n1. %s\n2. %s\n\n   - %s\n   - %s\n\n", d.sentence(), d.sentence(), d.sentence(), d.sentence())
	fmt.Fprintf(&b, "Was this page useful?\n\n[next]: %s\n[spec]: https://spec.example/%s \"The %s\"\n", f.pageURL(d.roll(f.pages)), d.pick(nouns), d.pick(nouns))
	return b.String()
}

// section adds a section with prose, and one or two of the things that pages have.
func (f fleet) section(b *strings.Builder, d *dice, page int) {
	fmt.Fprintf(b, "## The %s %s\n\n%s", d.pick(adjectives), d.pick(nouns), d.paragraph(3))
	target := d.roll(f.pages)
	switch d.roll(6) {
	case 0:
		fmt.Fprintf(b, "- %s\n- %s\n  - %s\n- [%s](%s#configuration)\n\n", d.sentence(), d.sentence(), d.sentence(), d.pick(nouns), f.pageURL(target))
	case 1:
		b.WriteString(d.table())
	case 2:
		fmt.Fprintf(b, "> **Note** %s See [the %s][next] or [the specification][spec].\n\n", d.sentence(), d.pick(nouns))
	case 3:
		fmt.Fprintf(b, "See [%s](../%s) and [this section](#configuration).\n\n", d.pick(nouns), strings.TrimPrefix(f.page(target), "website/docs/"))
	case 4:
		fmt.Fprintf(b, "### %s\n\n```json\n{\n  \"%s\": %d,\n  \"%s\": \"%s\"\n}\n```\n\n", d.pick(nouns), d.pick(nouns), d.roll(100), d.pick(nouns), d.pick(verbs))
	case 5:
		fmt.Fprintf(b, "### %s\n\n```bash\nexport BEACON_%s=%d\ncurl https://eu.beacon.example/%s\n```\n\n", d.pick(nouns), strings.ToUpper(d.pick(nouns)), page, d.pick(nouns))
	}
	ext := fleetStacks[d.roll(len(fleetStacks))].ext
	if d.roll(2) == 0 {
		fmt.Fprintf(b, "```%s\n%s```\n\n", ext[1:], d.function(ext))
	}
}

func (d *dice) table() string {
	var b strings.Builder
	b.WriteString("| Option | Default | Meaning |\n|---|---:|---|\n")
	for range d.roll(5) + 3 {
		fmt.Fprintf(&b, "| `%s_%s` | %d | %s |\n", d.pick(nouns), d.pick(nouns), d.roll(10000), d.sentence())
	}
	return b.String() + "\n"
}

// airplane writes model airplane i, about 30 KB, and some files beside it that don't belong into a skill.
func (f fleet) airplane(i int) {
	stack, d := fleetStacks[i%len(fleetStacks)], dice(i+3000)
	dir := fmt.Sprintf("examples/%s-%02d/", stack.name, i)
	f.write(dir+"README.md", fmt.Sprintf("# %s %d\n\n%s```sh\nmake run\n```\n", stack.name, i, d.paragraph(4)))
	f.write(dir+stack.manifest, fleetManifest(stack.manifest, i))
	f.write(dir+".env.example", "BEACON_KEY=\nBEACON_HOST=https://eu.beacon.example\n")
	f.write(dir+"Dockerfile", "FROM scratch\nCOPY . /app\nCMD [\"/app/run\"]\n")
	for _, name := range []string{"server", "config", "session", "orders", "errors", "events", "routes", "store", "worker"} {
		var b strings.Builder
		for b.Len() < 3000 {
			b.WriteString(d.function(stack.ext))
		}
		f.write(dir+"src/"+name+stack.ext, b.String())
	}
	f.write(dir+"node_modules/left/index.js", "module.exports = 1\n")
	f.write(dir+".env", "BEACON_KEY=local\n")
	f.write(dir+"debug.log", "nothing\n")
}

func fleetManifest(name string, i int) string {
	switch name {
	case "package.json":
		return fmt.Sprintf("{\n  \"name\": \"airplane-%d\",\n  \"dependencies\": {\n    \"beacon-node\": \"5.%d.0\",\n    \"express\": \"5.3.0\"\n  }\n}\n", i, i)
	case "pyproject.toml":
		return fmt.Sprintf("[project]\nname = \"airplane-%d\"\nversion = \"1\"\ndependencies = [\"beacon==6.%d.0\", \"flask>=3\"]\n", i, i)
	case "go.mod":
		return fmt.Sprintf("module airplane%d\n\ngo 1.26\n\nrequire beacon.example/go v1.%d.0\n", i, i)
	}
	return fmt.Sprintf("source \"https://rubygems.org\"\n\ngem \"beacon\", \"3.%d.0\"\ngem \"sinatra\"\n", i)
}

// framework writes framework i: it shares its airplane with ten others and its pages with a dozen.
func (f fleet) framework(i int) {
	stack, d := fleetStacks[i%len(fleetStacks)], dice(i+4000)
	var b strings.Builder
	fmt.Fprintf(&b, "---\ntitle: %s %04d\nlanguages:\n  - %s\ntags:\n  - %s\n", stack.name, i, stack.language, stack.tag)
	// A stack's airplanes are those with its number, so that a framework shows its own language.
	same := (f.airplanes - i%len(fleetStacks) + len(fleetStacks) - 1) / len(fleetStacks)
	airplane := i%len(fleetStacks) + len(fleetStacks)*(i/len(fleetStacks)%same)
	fmt.Fprintf(&b, "example: examples/%s-%02d\n", stack.name, airplane)
	fmt.Fprintf(&b, "docs:\n  - %s\n  - source: %s\n    title: Identify users\n", f.page(0), f.page(1))
	for k := range 3 {
		p := 2 + (i*3+k)%(f.pages-2)
		switch {
		case k == 0:
			fmt.Fprintf(&b, "  - https://beacon.example%s\n", f.pageURL(p))
		case k == 1:
			fmt.Fprintf(&b, "  - %s\n", f.pageURL(p))
		case k == 2 && i%10 == 0:
			fmt.Fprintf(&b, "  - website/docs/%s/*-%04d.md\n", fleetSections[p%len(fleetSections)], p)
		default:
			fmt.Fprintf(&b, "  - %s\n", f.page(p))
		}
	}
	b.WriteString("---\n")
	for _, h := range []string{"Install", "Initialise", "Identity", "Errors", "Flush and shut down"} {
		fmt.Fprintf(&b, "## %s\n\n%s```%s\n%s```\n\n", h, d.paragraph(3), stack.ext[1:], d.function(stack.ext))
	}
	f.write(fmt.Sprintf("frameworks/%s/%s-%04d.md", stack.name, stack.name, i), b.String())
}
