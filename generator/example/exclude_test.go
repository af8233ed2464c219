package example

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Each line is a path below an airplane, and why it is left out; nothing where it stays. A path that ends in "/" gets a file below it.
const defaults = `
composer.json
build.gradle.kts
src/distinct-id.ts
lib/vendor_portal.rb
dist.config.ts
out.go
target.rs
src/build/index.ts
app/build/page.tsx
app/out/page.tsx
app/dist/page.tsx
app/coverage/page.tsx
src/vendor/model.rb
bin/rails
src/bin/main.rs
src/env.d.ts
src/environment.ts
env.example
src/lock.ts
src/keys.ts
src/locks/yarn.lock.ts
logs/index.ts
log.go
tmp.ts
map.ts
src/world.map.json
src/node_modules.ts
src/minify.min
styles/app.css
.github/workflows/ci.yml
.dockerignore
.eslintrc
.editorconfig
.storybook/main.ts
config/database.yml
db/schema.rb
docs/a.md
requirements.txt
Dockerfile
gradle/libs.versions.toml
node_modules/                  dependencies
packages/a/node_modules/       dependencies
.venv/                         dependencies
lib/site-packages/             dependencies
my_app.egg-info/               dependencies
Pods/                          dependencies
.yarn/                         dependencies
.next/                         build output
apps/web/.turbo/               build output
__pycache__/                   build output
src/__pycache__/               build output
package-lock.json              lock file
apps/web/yarn.lock             lock file
Gemfile.lock                   lock file
go.sum                         lock file
uv.lock                        lock file
public/logo.png                media
public/Logo.PNG                media
favicon.ico                    media
next.svg                       media
fonts/a.woff2                  media
a.pdf                          media
gradle/wrapper/gradle-wrapper.jar  binary
lib/x.so                       binary
a.tar.gz                       binary
app.db                         database
db/development.sqlite3         database
public/jquery.min.js           minified or a source map
a.min.css                      minified or a source map
a.js.map                       minified or a source map
a.d.ts.map                     minified or a source map
next-env.d.ts                  generated code
tsconfig.tsbuildinfo           generated code
src/routeTree.gen.ts           generated code
api/user.pb.go                 generated code
api/user_pb2.py                generated code
gradlew                        generated code
Form1.Designer.cs              generated code
.git/                          of the version control
sub/.git                       of the version control
.idea/                         of an editor or the desktop
.DS_Store                      of an editor or the desktop
src/.a.ts.swp                  of an editor or the desktop
a.ts~                          of an editor or the desktop
npm-debug.log                  log or scratch file
.coverage                      log or scratch file
.env                           environment file, never part of a skill
.env.local                     environment file, never part of a skill
.envrc                         environment file, never part of a skill
.ENV.production                environment file, never part of a skill
a/b/.env.development           environment file, never part of a skill
b/.env.sample/                 environment file, never part of a skill
.env.d/                        environment file, never part of a skill
.env.example.local             environment file, never part of a skill
.env.example
.env.sample
a/b/.env.template
.npmrc                         shaped like a credential, never part of a skill
a/.netrc                       shaped like a credential, never part of a skill
.pypirc                        shaped like a credential, never part of a skill
certs/server.pem               shaped like a credential, never part of a skill
certs/server.KEY               shaped like a credential, never part of a skill
a.p12                          shaped like a credential, never part of a skill
a.jks                          shaped like a credential, never part of a skill
release.keystore               shaped like a credential, never part of a skill
id_rsa                         shaped like a credential, never part of a skill
id_ed25519.pub                 shaped like a credential, never part of a skill
credentials                    shaped like a credential, never part of a skill
credentials.json               shaped like a credential, never part of a skill
config/credentials.yml.enc     shaped like a credential, never part of a skill
Credentials.csv                shaped like a credential, never part of a skill
service-account.json           shaped like a credential, never part of a skill
service-account-prod.json      shaped like a credential, never part of a skill
serviceAccountKey.json         shaped like a credential, never part of a skill
service_account.json           shaped like a credential, never part of a skill
terraform.tfstate              shaped like a credential, never part of a skill
terraform.tfstate.backup       shaped like a credential, never part of a skill
terraform.tfstate.d/           shaped like a credential, never part of a skill
local.properties               shaped like a credential, never part of a skill
.aws/                          shaped like a credential, never part of a skill
.ssh/                          shaped like a credential, never part of a skill
home/.docker/                  shaped like a credential, never part of a skill
src/credentials.ts
src/CredentialsProvider.tsx
src/credentials/provider.ts
src/id_token.go
app/id_generator.rb
src/service-account.ts
src/aws/index.ts
docker/Dockerfile
src/keystore.go
gradle.properties
`

func TestDefaults(t *testing.T) {
	files := map[string]string{}
	var want []string
	for _, line := range strings.Split(strings.TrimSpace(defaults), "\n") {
		name, reason, _ := strings.Cut(line, " ")
		want = append(want, "examples/x/"+name+" "+strings.TrimSpace(reason))
		if strings.HasSuffix(name, "/") {
			name += "file.ts"
		}
		files["examples/x/"+name] = "x\n"
	}
	a, fs := load(t, tree(files), "examples/x", Options{})
	got := map[string]string{}
	for _, f := range a.Files {
		got["examples/x/"+f.Path] = ""
		got["examples/x/"+strings.TrimSuffix(f.Path, "file.ts")] = ""
	}
	for _, l := range a.Left {
		got[l.Path] = l.Reason
	}
	for _, line := range want {
		name, reason, _ := strings.Cut(line, " ")
		if r, ok := got[name]; !ok || r != reason {
			t.Errorf("%s: %q (met: %v), want %q", name, r, ok, reason)
		}
	}
	if len(a.Files)+len(a.Left) != len(files) {
		t.Errorf("%d files in, %d kept and %d left out", len(files), len(a.Files), len(a.Left))
	}
	if len(fs) > 0 {
		t.Error(say(fs))
	}
}

// Folders called by a common word hold output or dependencies where a manifest stands directly beside them.
func TestFoldersBesideAManifest(t *testing.T) {
	for _, tt := range []struct {
		files string // below the airplane; the one that is left out, if any, stands last
		want  string
	}{
		{"package.json dist/a.js", "dist/: build output (package.json stands beside it)"},
		{"package.json build/a.js", "build/: build output (package.json stands beside it)"},
		{"package.json src/app/out/page.tsx", ""},
		{"package.json lib/a.js", ""},
		{"package.json target/a.js", ""},
		{"package.json public/build/a.js", "public/build/: build output (package.json stands beside it)"},
		{"package.json public/a/build/a.js", ""},
		{"package.json xpublic/build/a.js", ""},
		{"packages/a/package.json packages/a/dist/a.js", "packages/a/dist/: build output (package.json stands beside it)"},
		{"dist/a.html", ""},
		{"go.mod vendor/modules.txt", "vendor/: dependencies (go.mod stands beside it)"},
		{"go.mod internal/vendor/vendor.go", ""},
		{"go.mod build/a.go", ""},
		{"composer.json vendor/a.php", "vendor/: dependencies (composer.json stands beside it)"},
		{"Gemfile vendor/a.rb", ""},
		{"Gemfile vendor/bundle/a.rb", "vendor/bundle/: dependencies (Gemfile stands beside it)"},
		{"Cargo.toml src/target/mod.rs", ""},
		{"Cargo.toml target/a.rs", "target/: build output (Cargo.toml stands beside it)"},
		{"pom.xml target/A.java", "target/: build output (pom.xml stands beside it)"},
		{"app/build.gradle.kts app/src/build/A.kt", ""},
		{"app/build.gradle.kts app/build/A.kt", "app/build/: build output (build.gradle.kts stands beside it)"},
		{"settings.gradle build/A.kt", "build/: build output (settings.gradle stands beside it)"},
		{"App.csproj bin/a.txt", "bin/: build output (App.csproj stands beside it)"},
		{"App.csproj obj/a.txt", "obj/: build output (App.csproj stands beside it)"},
		{"bin/rails", ""},
		{"pubspec.yaml build/a.dart", "build/: build output (pubspec.yaml stands beside it)"},
		{"mix.exs deps/a.ex", "deps/: dependencies (mix.exs stands beside it)"},
		{"setup.py dist/a.py", "dist/: build output (setup.py stands beside it)"},
		{"env/pyvenv.cfg env/a.py", "env/: dependencies (a Python environment)"},
		{"env/a.py", ""},
		{"App.xcodeproj/project.pbxproj build/a.swift", "build/: build output (App.xcodeproj stands beside it)"},
	} {
		files := map[string]string{"x/zz.ts": "x\n"}
		for _, name := range strings.Fields(tt.files) {
			files["x/"+name] = "x\n"
		}
		a, _ := load(t, tree(files), "x", Options{})
		got := ""
		for _, l := range a.Left {
			got += strings.TrimPrefix(l.Path, "x/") + ": " + l.Reason
		}
		if got != tt.want {
			t.Errorf("%s: %q, want %q", tt.files, got, tt.want)
		}
	}
}

func TestGenerated(t *testing.T) {
	long := strings.Repeat("var a=1;", 1000)
	for _, tt := range []struct{ name, text, want string }{
		{"a.go", "// Code generated by x. DO NOT EDIT.\npackage a\n", "generated code"},
		{"a.py", "#!/usr/bin/env python\n# Code generated by x, DO NOT EDIT\n", "generated code"},
		{"a.js", "/**\n * @generated by x\n */\n", "generated code"},
		{"a.js", "// @generated\n", "generated code"},
		{"a.html", "<!-- @generated -->\n", "generated code"},
		{"a.js", "// @generatedBy hand\n", ""},
		{"a.js", "// how @generated files are read\n", ""},
		{"a.go", "const s = \"Code generated by x. DO NOT EDIT.\"\n", ""},
		{"a.go", "// Code generated once, then edited by hand.\n", ""},
		{"a.go", strings.Repeat("// line\n", 10) + "// @generated\n", ""},
		{"a.js", long, "minified"}, {"a.css", long + "\n", "minified"}, {"a.mjs", long + "\n" + long, "minified"},
		{"a.js", long[:4000], ""}, {"a.js", strings.ReplaceAll(long, ";", ";\n"), ""}, {"a.sql", long, ""}, {"a.ts", long, ""},
	} {
		a, _ := load(t, tree(map[string]string{"x/zz.ts": "x\n", "x/" + tt.name: tt.text}), "x", Options{})
		got := ""
		for _, l := range a.Left {
			got += l.Reason
		}
		if got != tt.want {
			t.Errorf("%s %.40q: %q, want %q", tt.name, tt.text, got, tt.want)
		}
		a, _ = load(t, tree(map[string]string{"x/" + tt.name: tt.text}), "x", Options{Include: patterns(tt.name)})
		if len(a.Files) != 1 {
			t.Errorf("%s %.40q: include does not rescue it", tt.name, tt.text)
		}
	}
}

func TestPatterns(t *testing.T) {
	files := map[string]string{}
	for _, name := range strings.Fields("package.json src/a.ts src/a.test.ts src/deep/b.test.ts docs/guide.md docs/keep.md dist/config.js dist/app.js dist/app.min.js " +
		"node_modules/a/keep.js package-lock.json logo.svg .env .env.local .npmrc secret.local test/a.ts out/deep/x/keep.ts out/deep/y.ts") {
		files["x/"+name] = "x\n"
	}
	files[".gitignore"] = "*.local\n"
	all := []string{"package.json", "src/a.ts", "src/a.test.ts", "src/deep/b.test.ts", "docs/guide.md", "docs/keep.md", "test/a.ts"}
	for _, tt := range []struct {
		name                   string
		exclude, include       []string
		fwExclude, fwInclude   []string
		without, with, reasons string
	}{
		{name: "nothing"},
		{name: "exclude by name", exclude: []string{"*.test.ts"}, without: "src/a.test.ts src/deep/b.test.ts"},
		{name: "exclude by path", exclude: []string{"src/*.test.ts"}, without: "src/a.test.ts"},
		{name: "exclude a folder", exclude: []string{"docs/"}, without: "docs/guide.md docs/keep.md", reasons: "x/docs/: exclude \"docs/\" (frameworks/x.md:1)"},
		{name: "dot means the airplane", exclude: []string{"./test"}, without: "test/a.ts"},
		{name: "include names a file in an excluded folder", exclude: []string{"docs/"}, include: []string{"docs/keep.md"}, without: "docs/guide.md",
			reasons: "x/docs/: exclude \"docs/\" (frameworks/x.md:1), but for what include names"},
		{name: "include by name does not open a folder", exclude: []string{"docs/"}, include: []string{"keep.md", "**/guide.md"}, without: "docs/guide.md docs/keep.md"},
		{name: "the framework's exclude wins over the project's include", include: []string{"docs/keep.md"}, fwExclude: []string{"docs/"}, without: "docs/guide.md docs/keep.md",
			reasons: "x/docs/: exclude \"docs/\" (frameworks/x.md:1)\n"},
		{name: "the framework's include wins over everything", exclude: []string{"docs/"}, fwExclude: []string{"docs"}, fwInclude: []string{"docs/"}},
		{name: "include rescues a lock file and a picture", include: []string{"package-lock.json", "*.svg"}, with: "package-lock.json logo.svg"},
		{name: "include a default folder: what is excluded in it stays out", fwInclude: []string{"/dist/"}, with: "dist/config.js dist/app.js"},
		{name: "include what is in a default folder", fwInclude: []string{"dist/**"}, with: "dist/config.js dist/app.js dist/app.min.js"},
		{name: "include one file of a default folder", fwInclude: []string{"dist/config.js"}, with: "dist/config.js",
			reasons: "x/dist/: build output (package.json stands beside it), but for what include names"},
		{name: "include deep in a default folder", fwInclude: []string{"out/**/keep.ts"}, with: "out/deep/x/keep.ts"},
		{name: "include deep in dependencies", fwInclude: []string{"node_modules/a/keep.js"}, with: "node_modules/a/keep.js"},
		{name: "nothing brings back what is secret or ignored", include: []string{".env*", ".npmrc", "*.local", "secret.local", "/**"},
			with: "package-lock.json logo.svg dist/config.js dist/app.js dist/app.min.js node_modules/a/keep.js out/deep/x/keep.ts out/deep/y.ts"},
		{name: "what is before the pattern that put the folder out does not count", include: []string{"docs/keep.md"}, fwExclude: []string{"docs/"}, fwInclude: []string{"docs/guide.md"},
			without: "docs/keep.md"},
		{name: "the last pattern counts", include: []string{"docs/guide.md"}, fwExclude: []string{"docs/*"}, fwInclude: []string{"docs/keep.md"}, without: "docs/guide.md"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			want := map[string]bool{}
			for _, name := range append(all, strings.Fields(tt.with)...) {
				want[name] = true
			}
			for _, name := range strings.Fields(tt.without) {
				delete(want, name)
			}
			a, fs := load(t, tree(files), "x", Options{Exclude: patterns(tt.exclude...), Include: patterns(tt.include...), FrameworkExclude: patterns(tt.fwExclude...), FrameworkInclude: patterns(tt.fwInclude...)})
			got := map[string]bool{}
			for _, f := range a.Files {
				got[f.Path] = true
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
			if !strings.Contains(list(a), tt.reasons) {
				t.Errorf("want %q in\n%s", tt.reasons, list(a))
			}
			for _, secret := range []string{".env", ".env.local", ".npmrc", "secret.local"} {
				if !strings.Contains(list(a), "- x/"+secret+": ") {
					t.Errorf("%s is not listed", secret)
				}
			}
			if len(fs) > 0 {
				t.Error(say(fs))
			}
		})
	}
}

// A folder that is left out is listed once, whatever is rescued from it.
func TestOpenedFolders(t *testing.T) {
	files := tree(map[string]string{"x/package.json": "{}\n", "x/dist/a.js": "x\n", "x/dist/b.js": "x\n", "x/dist/deep/c.js": "x\n", "x/dist/deep/d.js": "x\n", "x/dist/other/e.js": "x\n", "x/dist/.env": "x\n"})
	a, fs := load(t, files, "x", Options{Include: patterns("dist/b.js", "dist/deep/c.js")})
	want := "dist/b.js\ndist/deep/c.js\npackage.json\n" +
		"- x/dist/: build output (package.json stands beside it), but for what include names\n- x/dist/.env: environment file, never part of a skill\n"
	if d := cmp.Diff(want, list(a)); d != "" || len(fs) > 0 {
		t.Errorf("%s(-want +got):\n%s", say(fs), d)
	}
	files = tree(map[string]string{"x/a.ts": "x\n", "x/sub/a.ts": "x\n"})
	if a, _ := load(t, files, "x", Options{Exclude: patterns("./a.ts")}); list(a) != "sub/a.ts\n- x/a.ts: exclude \"./a.ts\" (frameworks/x.md:1)\n" {
		t.Errorf("a dot means the airplane's folder:\n%s", list(a))
	}
}

func TestBadPatterns(t *testing.T) {
	a, fs := load(t, tree(map[string]string{"x/a.ts": "x\n"}), "x", Options{Exclude: patterns("!a.ts", "../y", "a/../b"), Include: patterns("", "!b", "/")})
	want := `example-pattern "frameworks/x.md":1:1: a pattern of exclude begins with "!": "!a.ts"
  to keep files, list the pattern under include, without "!"
example-pattern "frameworks/x.md":1:1: the pattern "" names nothing
  write a pattern as in .gitignore, or remove it
example-pattern "frameworks/x.md":2:1: a pattern of include begins with "!": "!b"
  to leave files out, list the pattern under exclude, without "!"
example-pattern "frameworks/x.md":2:1: the pattern "../y" leads out of the airplane
  patterns are matched against paths from the airplane's folder
example-pattern "frameworks/x.md":3:1: the pattern "/" names nothing
  write a pattern as in .gitignore, or remove it
example-pattern "frameworks/x.md":3:1: the pattern "a/../b" leads out of the airplane
  patterns are matched against paths from the airplane's folder
`
	if d := cmp.Diff(want, say(fs)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if list(a) != "a.ts\n" {
		t.Error(list(a))
	}
}

func TestUnused(t *testing.T) {
	files := tree(map[string]string{".gitignore": "ignored.ts\n", "a/a.ts": "x\n", "a/a.log": "x\n", "a/.env": "x\n", "b/b.ts": "x\n", "b/ignored.ts": "x\n", "b/docs/x.md": "x\n"})
	exclude, include := patterns("a.ts", "nothing.ts", "b.ts", "docs/", "docs/x.md"), patterns("*.log", ".env", "ignored.ts", "gone/*")
	o := Options{Exclude: exclude, Include: include}
	o.Include = append(o.Include, patterns("a.ts", "b.ts")...)
	a, _ := load(t, files, "a", o)
	b, _ := load(t, files, "b", o)
	want := `pattern-unused "frameworks/x.md":2:1: exclude "nothing.ts" matches nothing
  remove it, or correct it: patterns are matched as in .gitignore, from the airplane's folder
pattern-unused "frameworks/x.md":2:1: include ".env" matches nothing that may be part of a skill
  remove it, or correct it; what .gitignore ignores, .env files and files shaped like credentials stay out in any case
pattern-unused "frameworks/x.md":3:1: include "ignored.ts" matches nothing that may be part of a skill
  remove it, or correct it; what .gitignore ignores, .env files and files shaped like credentials stay out in any case
pattern-unused "frameworks/x.md":4:1: include "gone/*" matches nothing that may be part of a skill
  remove it, or correct it; what .gitignore ignores, .env files and files shaped like credentials stay out in any case
pattern-unused "frameworks/x.md":5:1: exclude "docs/x.md" matches nothing
  remove it, or correct it: patterns are matched as in .gitignore, from the airplane's folder
`
	if d := cmp.Diff(want, say(Unused(exclude, include, []*Airplane{a, b}))); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if got := Unused(exclude, include, []*Airplane{a, nil}); got != nil {
		t.Errorf("one airplane is not known: %s", say(got))
	}
	if got := Unused(exclude, include, nil); got != nil {
		t.Errorf("there are no airplanes: %s", say(got))
	}
}
