package example

import (
	"path"
	"strings"
)

// languages says which info string a fence gets: by the name of the file, or by its longest known ending.
var languages = index(
	"astro: *.astro",
	"bash: *.sh *.bash *.zsh .bashrc .zshrc .profile .envrc",
	"bat: *.bat *.cmd",
	"blade: *.blade.php",
	"c: *.c *.h",
	"caddyfile: Caddyfile",
	"clojure: *.clj *.cljs *.cljc *.edn",
	"cmake: CMakeLists.txt *.cmake",
	"cpp: *.cc *.cpp *.cxx *.hh *.hpp *.hxx",
	"crystal: *.cr",
	"csharp: *.cs *.csx",
	"css: *.css",
	"csv: *.csv",
	"cuda: *.cu",
	"dart: *.dart",
	"diff: *.diff *.patch",
	"dockerfile: Dockerfile Containerfile *.dockerfile",
	"dotenv: .env.example .env.sample .env.template",
	"editorconfig: .editorconfig",
	"eex: *.eex",
	"ejs: *.ejs",
	"elixir: *.ex *.exs",
	"elm: *.elm",
	"erb: *.erb",
	"erlang: *.erl *.hrl rebar.config",
	"fish: *.fish",
	"fsharp: *.fs *.fsi *.fsx",
	"gherkin: *.feature",
	"gitignore: .gitignore .dockerignore .npmignore .eslintignore .prettierignore .vercelignore .gcloudignore .helmignore",
	"gleam: *.gleam",
	"go: *.go",
	"go.mod: go.mod",
	"go.work: go.work",
	"gotmpl: *.gotmpl *.gohtml *.tmpl",
	"graphql: *.graphql *.gql",
	"groovy: *.groovy *.gradle Jenkinsfile",
	"haml: *.haml",
	"handlebars: *.hbs *.handlebars",
	"haskell: *.hs",
	"hcl: *.tf *.tfvars *.hcl",
	"heex: *.heex *.leex",
	"html: *.html *.htm *.xhtml",
	"http: *.http *.rest",
	"ini: *.ini *.cfg *.conf .gitconfig .gitattributes .gitmodules .flaskenv",
	"java: *.java",
	"javascript: *.js *.mjs *.cjs",
	"jinja: *.jinja *.jinja2 *.j2",
	"json: *.json *.webmanifest *.ipynb *.map .babelrc .eslintrc .prettierrc .swcrc .jshintrc .stylelintrc",
	"json5: *.json5",
	"jsonc: *.jsonc",
	"jsonl: *.jsonl *.ndjson",
	"jsx: *.jsx",
	"julia: *.jl",
	"just: justfile Justfile .justfile",
	"kotlin: *.kt *.kts",
	"latex: *.tex",
	"less: *.less",
	"liquid: *.liquid",
	"lua: *.lua",
	"makefile: Makefile makefile GNUmakefile *.mk",
	"markdown: *.md *.markdown",
	"mdx: *.mdx",
	"mermaid: *.mmd *.mermaid",
	"nginx: nginx.conf",
	"nim: *.nim",
	"nix: *.nix",
	"objectivec: *.m",
	"objectivecpp: *.mm",
	"ocaml: *.ml *.mli",
	"perl: *.pl *.pm",
	"php: *.php *.phtml artisan",
	"powershell: *.ps1 *.psm1 *.psd1",
	"prisma: *.prisma",
	"properties: *.properties",
	"protobuf: *.proto",
	"pug: *.pug *.jade",
	"python: *.py *.pyi *.pyw",
	"r: *.r *.rmd",
	"razor: *.razor *.cshtml",
	"rst: *.rst",
	"ruby: *.rb *.rake *.ru *.gemspec *.podspec Gemfile Rakefile Podfile Vagrantfile Fastfile Appfile Guardfile Brewfile Capfile gems.rb",
	"rust: *.rs",
	"sass: *.sass",
	"scala: *.scala *.sbt *.sc",
	"scss: *.scss",
	"slim: *.slim",
	"solidity: *.sol",
	"sql: *.sql",
	"starlark: *.bzl *.star BUILD BUILD.bazel WORKSPACE WORKSPACE.bazel MODULE.bazel Tiltfile",
	"stylus: *.styl",
	"svelte: *.svelte",
	"svg: *.svg",
	"swift: *.swift",
	"templ: *.templ",
	"text: *.txt LICENSE NOTICE AUTHORS CODEOWNERS",
	"toml: *.toml Pipfile",
	"tsx: *.tsx",
	"twig: *.twig",
	"typescript: *.ts *.mts *.cts",
	"vb: *.vb *.vbs *.bas",
	"vue: *.vue",
	"wgsl: *.wgsl",
	"xml: *.xml *.xsd *.xsl *.csproj *.fsproj *.vbproj *.props *.targets *.resx *.xaml *.axaml *.plist *.storyboard *.xib *.entitlements *.nuspec",
	"yaml: *.yaml *.yml .clang-format .clang-tidy",
	"zig: *.zig *.zon",
)

func index(rows ...string) map[string]string {
	m := map[string]string{}
	for _, row := range rows {
		language, list, _ := strings.Cut(row, ": ")
		for _, name := range strings.Fields(list) {
			m[name] = language
		}
	}
	return m
}

// language returns the info string for a file, "" where none is known.
func language(name string) string {
	name = path.Base(name)
	if l, ok := languages[name]; ok {
		return l
	}
	for i := 0; i < len(name); i++ {
		if name[i] == '.' {
			if l, ok := languages["*"+strings.ToLower(name[i:])]; ok {
				return l
			}
		}
	}
	if strings.HasPrefix(name, "Dockerfile.") || strings.HasPrefix(name, "Containerfile.") {
		return "dockerfile"
	}
	return ""
}
