package generator

import (
	"path"
	"slices"
	"strings"

	"skillgen/generator/facts"
	"skillgen/generator/source"
)

// stack is a kind of app, recognised by its manifest and a dependency.
type stack struct {
	manifest, dependency string // dependency: empty where the manifest is enough
	id, title            string
	languages            []string
}

// stacks is asked in order: what is more particular stands first. A package.json is asked last where it may only bring along the assets of an app
// in another language.
var stacks = []stack{
	{"package.json", "next", "nextjs", "Next.js", []string{"typescript", "javascript"}},
	{"package.json", "nuxt", "nuxt", "Nuxt", []string{"typescript", "javascript"}},
	{"package.json", "@sveltejs/kit", "sveltekit", "SvelteKit", []string{"typescript", "javascript"}},
	{"package.json", "astro", "astro", "Astro", []string{"typescript", "javascript"}},
	{"package.json", "@remix-run/react", "remix", "Remix", []string{"typescript", "javascript"}},
	{"package.json", "@react-router/dev", "react-router", "React Router", []string{"typescript", "javascript"}},
	{"package.json", "@tanstack/react-start", "tanstack-start", "TanStack Start", []string{"typescript", "javascript"}},
	{"package.json", "gatsby", "gatsby", "Gatsby", []string{"javascript", "typescript"}},
	{"package.json", "@angular/core", "angular", "Angular", []string{"typescript"}},
	{"package.json", "expo", "expo", "Expo", []string{"typescript", "javascript"}},
	{"package.json", "react-native", "react-native", "React Native", []string{"typescript", "javascript"}},
	{"package.json", "@nestjs/core", "nestjs", "NestJS", []string{"typescript"}},
	{"package.json", "electron", "electron", "Electron", []string{"javascript", "typescript"}},
	{"go.mod", "github.com/gin-gonic/gin", "go-gin", "Go (Gin)", []string{"go"}},
	{"go.mod", "github.com/labstack/echo/v4", "go-echo", "Go (Echo)", []string{"go"}},
	{"go.mod", "github.com/go-chi/chi/v5", "go-chi", "Go (chi)", []string{"go"}},
	{"go.mod", "github.com/gofiber/fiber/v2", "go-fiber", "Go (Fiber)", []string{"go"}},
	{"pyproject.toml", "django", "python-django", "Django", []string{"python"}},
	{"pyproject.toml", "flask", "python-flask", "Flask", []string{"python"}},
	{"pyproject.toml", "fastapi", "python-fastapi", "FastAPI", []string{"python"}},
	{"requirements.txt", "django", "python-django", "Django", []string{"python"}},
	{"requirements.txt", "flask", "python-flask", "Flask", []string{"python"}},
	{"requirements.txt", "fastapi", "python-fastapi", "FastAPI", []string{"python"}},
	{"Gemfile", "rails", "ruby-rails", "Ruby on Rails", []string{"ruby"}},
	{"Gemfile", "sinatra", "ruby-sinatra", "Sinatra", []string{"ruby"}},
	{"composer.json", "laravel/framework", "php-laravel", "Laravel", []string{"php"}},
	{"composer.json", "symfony/framework-bundle", "php-symfony", "Symfony", []string{"php"}},
	{"pubspec.yaml", "flutter", "flutter", "Flutter", []string{"dart"}},
	{"pom.xml", "org.springframework.boot:spring-boot-starter-web", "java-spring", "Spring Boot", []string{"java"}},
	{"package.json", "express", "node-express", "Node.js (Express)", []string{"javascript", "typescript"}},
	{"package.json", "fastify", "node-fastify", "Node.js (Fastify)", []string{"javascript", "typescript"}},
	{"package.json", "koa", "node-koa", "Node.js (Koa)", []string{"javascript", "typescript"}},
	{"package.json", "hono", "hono", "Hono", []string{"typescript", "javascript"}},
	{"package.json", "react", "react", "React", []string{"javascript", "typescript"}},
	{"package.json", "vue", "vue", "Vue", []string{"javascript", "typescript"}},
	{"package.json", "svelte", "svelte", "Svelte", []string{"javascript", "typescript"}},
	{"package.json", "solid-js", "solid", "Solid", []string{"typescript", "javascript"}},
	{"package.json", "preact", "preact", "Preact", []string{"javascript", "typescript"}},
	{"package.json", "vite", "vite", "Vite", []string{"javascript", "typescript"}},
	{"go.mod", "", "go", "Go", []string{"go"}},
	{"pyproject.toml", "", "python", "Python", []string{"python"}},
	{"requirements.txt", "", "python", "Python", []string{"python"}},
	{"Gemfile", "", "ruby", "Ruby", []string{"ruby"}},
	{"composer.json", "", "php", "PHP", []string{"php"}},
	{"Cargo.toml", "", "rust", "Rust", []string{"rust"}},
	{"pubspec.yaml", "", "dart", "Dart", []string{"dart"}},
	{"pom.xml", "", "java", "Java", []string{"java"}},
	{"build.gradle.kts", "", "kotlin", "Kotlin", []string{"kotlin", "java"}},
	{"build.gradle", "", "java", "Java", []string{"java"}},
	{"mix.exs", "", "elixir", "Elixir", []string{"elixir"}},
	{"Package.swift", "", "swift", "Swift", []string{"swift"}},
	{"package.json", "", "node", "Node.js", []string{"javascript", "typescript"}},
}

func hasManifest(tree *source.Tree, dir string) bool {
	return slices.ContainsFunc(stacks, func(s stack) bool { return tree.Exists(path.Join(dir, s.manifest)) })
}

// recognise finds what kind of app stands in a folder.
func recognise(tree *source.Tree, app string) stack {
	names := map[string][]string{}
	for _, s := range stacks {
		f, err := tree.Read(path.Join(app, s.manifest))
		if err != nil {
			continue
		}
		if _, read := names[s.manifest]; !read {
			deps, _, _ := facts.Dependencies(f)
			names[s.manifest] = []string{}
			for _, d := range deps {
				names[s.manifest] = append(names[s.manifest], strings.ToLower(d.Name))
			}
		}
		if s.dependency == "" || slices.Contains(names[s.manifest], s.dependency) {
			return s
		}
	}
	name := path.Base(app)
	if name == "." {
		name = "app"
	}
	return stack{id: slug(name), title: name, languages: []string{"shell"}}
}
