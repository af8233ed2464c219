package generator

import (
	"path"
	"slices"
	"strings"

	"skillgen/generator/facts"
)

// stack is a kind of app. Its lists are words between blanks.
type stack struct {
	id, title    string
	languages    string
	tags         string
	files        string // the tables of `detect` (DESIGN §2.2)
	dependencies string
	words        string // what pages about it are called, beside its id, tags and languages
}

// Words that several stacks share.
const (
	javaScript = "typescript javascript"
	fullStack  = "server browser node"
	inBrowser  = "browser"
	onNode     = "server node"
	onDevice   = "mobile"
	noMeta     = "!next !astro !gatsby !@remix-run/react !@react-router/dev !@tanstack/react-start !expo !react-native"
)

// stacks is the built-in table of `detect`. It is asked in order: what is more particular stands first. A package.json is asked late where it may
// only bring along the assets of an app in another language. A stack may stand in several rows: each is another way to recognise it.
var stacks = []stack{
	{"nextjs-app-router", "Next.js (App Router)", javaScript, fullStack + " nextjs nextjs-app", "app/layout.* src/app/layout.*", "next@>=13.4", "next next-js react"},
	{"nextjs-pages-router", "Next.js (Pages Router)", javaScript, fullStack + " nextjs nextjs-pages",
		"pages/_app.* pages/_document.* pages/index.* src/pages/_app.* src/pages/_document.* src/pages/index.*", "next", "next next-js react"},
	{"nextjs", "Next.js", javaScript, fullStack + " nextjs", "", "next", "next next-js react"},
	{"nuxt", "Nuxt", javaScript, fullStack + " nuxt", "", "nuxt", "nuxtjs nuxt-js vue"},
	{"sveltekit", "SvelteKit", javaScript, fullStack + " sveltekit", "", "@sveltejs/kit", "svelte-kit svelte"},
	{"astro", "Astro", javaScript, fullStack + " astro", "", "astro", ""},
	{"react-router", "React Router", javaScript, fullStack + " react react-router", "", "@react-router/dev", "remix"},
	{"remix", "Remix", javaScript, fullStack + " react remix", "", "@remix-run/react", "react-router"},
	{"tanstack-start", "TanStack Start", javaScript, fullStack + " react tanstack-start", "", "@tanstack/react-start", "tanstack"},
	{"gatsby", "Gatsby", javaScript, fullStack + " react gatsby", "", "gatsby", ""},
	{"angular", "Angular", "typescript", inBrowser + " angular", "", "@angular/core", ""},
	{"react-native-expo", "React Native (Expo)", javaScript, onDevice + " react-native expo", "", "expo", "react"},
	{"react-native", "React Native", javaScript, onDevice + " react-native", "", "react-native", "react"},
	{"electron", "Electron", javaScript, "desktop electron", "", "electron", ""},
	{"nestjs", "NestJS", "typescript", onNode + " nestjs", "", "@nestjs/core", "nest"},

	{"python-django", "Python (Django)", "python", "server python django", "manage.py */manage.py", "django", ""},
	{"python-django", "Python (Django)", "python", "server python django", "", "django", ""},
	{"python-flask", "Python (Flask)", "python", "server python flask", "", "flask", ""},
	{"python-fastapi", "Python (FastAPI)", "python", "server python fastapi", "", "fastapi", ""},
	{"ruby-rails", "Ruby on Rails", "ruby", "server ruby rails", "", "rails", "ruby-on-rails"},
	{"ruby-sinatra", "Ruby (Sinatra)", "ruby", "server ruby sinatra", "", "sinatra", ""},
	{"php-laravel", "PHP (Laravel)", "php", "server php laravel", "", "laravel/framework", ""},
	{"php-symfony", "PHP (Symfony)", "php", "server php symfony", "", "symfony/framework-bundle", ""},
	{"elixir-phoenix", "Elixir (Phoenix)", "elixir", "server elixir phoenix", "", "phoenix", ""},
	{"go-gin", "Go (Gin)", "go", "server go gin", "", "github.com/gin-gonic/gin", "golang"},
	{"go-echo", "Go (Echo)", "go", "server go echo", "", "github.com/labstack/echo", "golang"},
	{"go-chi", "Go (chi)", "go", "server go chi", "", "github.com/go-chi/chi", "golang"},
	{"go-fiber", "Go (Fiber)", "go", "server go fiber", "", "github.com/gofiber/fiber", "golang"},
	{"rust-axum", "Rust (axum)", "rust", "server rust axum", "", "axum", ""},
	{"rust-actix", "Rust (Actix Web)", "rust", "server rust actix", "", "actix-web", "actix-web"},
	{"rust-rocket", "Rust (Rocket)", "rust", "server rust rocket", "", "rocket", ""},
	{"java-spring-boot", "Spring Boot", "java kotlin", "server java spring-boot", "", "org.springframework.boot:spring-boot-starter-web", "spring spring-boot"},
	{"java-spring-boot", "Spring Boot", "java kotlin", "server java spring-boot", "", "org.springframework.boot:spring-boot-starter-webmvc", "spring spring-boot"},
	{"java-spring-boot", "Spring Boot", "java kotlin", "server java spring-boot", "", "org.springframework.boot:spring-boot-starter-webflux", "spring spring-boot"},
	{"kotlin-ktor", "Kotlin (Ktor)", "kotlin", "server kotlin ktor", "", "io.ktor:ktor-server-core", ""},
	{"kotlin-ktor", "Kotlin (Ktor)", "kotlin", "server kotlin ktor", "", "io.ktor:ktor-server-core-jvm", ""},
	{"dotnet-aspnetcore", "ASP.NET Core", "csharp", "server dotnet aspnetcore", "*.csproj", "Microsoft.NET.Sdk.Web", "asp-net asp-net-core net csharp c-sharp"},
	{"flutter", "Flutter", "dart", onDevice + " flutter", "", "flutter", ""},
	{"android", "Android", "kotlin java", onDevice + " android", "app/src/main/AndroidManifest.xml src/main/AndroidManifest.xml", "!react-native !flutter", ""},
	{"ios", "iOS", "swift", onDevice + " ios", "*.xcodeproj *.xcworkspace", "!react-native !flutter", "swift-ui swiftui"},

	{"node-hono", "Node.js (Hono)", javaScript, onNode + " hono", "", "hono !next !astro", ""},
	{"deno-hono", "Deno (Hono)", "typescript", "server deno hono", "deno.json", "@hono/hono", ""},
	{"node-fastify", "Node.js (Fastify)", javaScript, onNode + " fastify", "", "fastify !next !@nestjs/core", ""},
	{"node-express", "Node.js (Express)", javaScript, onNode + " express", "", "express !next", "nodejs node-js"},
	{"node-koa", "Node.js (Koa)", javaScript, onNode + " koa", "", "koa !next", ""},
	{"react-vite", "React (Vite)", javaScript, inBrowser + " vite react", "vite.config.*", "react vite " + noMeta, "reactjs react-js"},
	{"vue-vite", "Vue (Vite)", javaScript, inBrowser + " vite vue", "vite.config.*", "vue vite !nuxt !astro !vitepress", "vuejs vue-js"},
	{"svelte-vite", "Svelte (Vite)", javaScript, inBrowser + " vite svelte", "vite.config.*", "svelte vite !@sveltejs/kit !astro", ""},
	{"solid-vite", "Solid (Vite)", javaScript, inBrowser + " vite solid", "vite.config.*", "solid-js vite !@solidjs/start", "solidjs"},
	{"preact-vite", "Preact (Vite)", javaScript, inBrowser + " vite preact", "vite.config.*", "preact vite", ""},
	{"react", "React", javaScript, inBrowser + " react", "", "react " + noMeta, "reactjs react-js"},
	{"vue", "Vue", javaScript, inBrowser + " vue", "", "vue !nuxt !vitepress", "vuejs vue-js"},
	{"svelte", "Svelte", javaScript, inBrowser + " svelte", "", "svelte !@sveltejs/kit", ""},
	{"javascript-vite", "JavaScript (Vite)", "javascript typescript", inBrowser + " vite", "", "vite", ""},

	{"go", "Go", "go", "go", "go.mod", "", "golang"},
	{"python", "Python", "python", "python", "pyproject.toml requirements.txt Pipfile setup.py setup.cfg", "", ""},
	{"ruby", "Ruby", "ruby", "ruby", "Gemfile gems.rb", "", ""},
	{"php", "PHP", "php", "php", "composer.json", "", ""},
	{"rust", "Rust", "rust", "rust", "Cargo.toml", "", ""},
	{"elixir", "Elixir", "elixir", "elixir", "mix.exs", "", ""},
	{"dotnet", ".NET", "csharp", "dotnet", "*.csproj", "", "net csharp c-sharp"},
	{"dotnet-fsharp", ".NET (F#)", "fsharp", "dotnet", "*.fsproj", "", "net fsharp f-sharp"},
	{"dart", "Dart", "dart", "dart", "pubspec.yaml", "", ""},
	{"kotlin", "Kotlin", "kotlin java", "kotlin", "build.gradle.kts", "", ""},
	{"java", "Java", "java", "java", "pom.xml build.gradle", "", ""},
	{"swift", "Swift", "swift", "swift", "Package.swift", "", ""},
	{"deno", "Deno", "typescript javascript", "deno", "deno.json deno.jsonc", "", ""},
	{"node", "Node.js", "javascript typescript", "node", "package.json", "", "nodejs node-js"},
}

// sources is the table of apps without a manifest, by what their code is written in.
var sources = []stack{
	{"go", "Go", "go", "go", "*.go", "", "golang"},
	{"python", "Python", "python", "python", "*.py", "", ""},
	{"php", "PHP", "php", "php", "*.php", "", ""},
	{"ruby", "Ruby", "ruby", "ruby", "*.rb config.ru", "", ""},
	{"node", "Node.js", "javascript typescript", "node", "*.js *.mjs *.cjs *.ts *.mts", "", "nodejs node-js"},
	{"shell", "Shell", "shell", "shell", "*.sh", "", ""},
}

// plain reports whether nothing but its language is known of a stack.
func (s stack) plain() bool { return s.dependencies == "" && !strings.Contains(s.files, "xcodeproj") }

// manifests are the names by which a folder is known to hold an app, as globs.
var manifests = slices.Concat([]string{"*.xcodeproj", "*.xcworkspace", "manage.py"}, manifestsOfPlain())

func manifestsOfPlain() []string {
	var all []string
	for _, s := range stacks {
		if s.dependencies == "" {
			all = append(all, strings.Fields(s.files)...)
		}
	}
	return all
}

// isManifest reports whether a file or folder of this name makes the folder that it stands in an app.
func isManifest(name string) bool {
	return slices.ContainsFunc(manifests, func(m string) bool {
		ok, _ := path.Match(m, name)
		return ok
	})
}

// recognise finds what kind of app stands in a folder, and the file that shows it, from there. The package.json of a site of docs shows nothing. The
// stack of a folder that no row describes has no id of its own.
func recognise(d *facts.Detector, dir string, site bool) (s stack, evidence string) {
	for _, s := range slices.Concat(stacks, sources) {
		evidence, ok := d.Detect(dir, strings.Fields(s.files), strings.Fields(s.dependencies))
		if ok && !(site && evidence == "package.json") {
			return s, evidence
		}
	}
	name := path.Base(dir)
	if name == "." {
		name = "app"
	}
	return stack{id: slug(name), title: name, languages: "shell"}, ""
}
