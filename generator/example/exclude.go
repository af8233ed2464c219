package example

import (
	"path"
	"strings"

	"skillgen/generator/source"
)

// group is a row of what an airplane leaves out by default. Names are whole elements of paths, separated by blanks: a folder named dist is
// meant, distinct-id.ts is not.
type group struct {
	reason  string
	beside  string // the group holds only directly beside one of these ("*.x" for all that end so), and folders below; empty: anywhere
	folders string // "*.x" for all that end so; "a/b" for a b in an a
	files   string // "*.x" for all that end so, whatever their case
}

// Reasons that decide what an airplane takes along when it is flown.
const (
	lockReason     = "lock file"
	versionControl = "of the version control"
	desktopReason  = "of an editor or the desktop"
	scratchReason  = "log or scratch file"
)

// Folders that are called by a common word (dist, build, out, target, vendor) hold output or dependencies only where a manifest stands
// directly beside them: app/build/page.tsx is a route of an app.
var groups = []group{
	{reason: "dependencies",
		folders: "node_modules bower_components jspm_packages web_modules .yarn .pnpm-store __pypackages__ site-packages .venv .eggs *.egg-info " +
			"*.dist-info .bundle Pods .dart_tool .pub-cache elm-stuff .stack-work .gradle .terraform",
		files: ".pnp.cjs .pnp.js .pnp.loader.mjs"},
	{reason: "dependencies", beside: "go.mod composer.json Cargo.toml", folders: "vendor"},
	{reason: "dependencies", beside: "Gemfile", folders: "vendor/bundle vendor/cache"},
	{reason: "dependencies", beside: "mix.exs", folders: "deps"},
	{reason: "dependencies", beside: "Cartfile", folders: "Carthage"},

	{reason: "build output",
		folders: ".next .nuxt .output .svelte-kit .astro .vercel .netlify .turbo .parcel-cache .cache .vite .angular .expo .docusaurus .wrangler " +
			".serverless .aws-sam .sst .vinxi .nitro .tanstack .react-router .firebase .build .swiftpm DerivedData __pycache__ .mypy_cache " +
			".pytest_cache .ruff_cache .pytype .hypothesis .tox .nox .ipynb_checkpoints htmlcov .nyc_output storybook-static dist-newstyle " +
			"zig-cache .zig-cache zig-out .cxx .externalNativeBuild .kotlin cmake-build-debug cmake-build-release .jekyll-cache"},
	{reason: "build output", beside: "package.json deno.json deno.jsonc",
		folders: "dist build out coverage public/build test-results playwright-report"},
	{reason: "build output", beside: "build.gradle build.gradle.kts settings.gradle settings.gradle.kts", folders: "build out captures"},
	{reason: "build output", beside: "pom.xml build.sbt Cargo.toml", folders: "target project/target"},
	{reason: "build output", beside: "pyproject.toml setup.py setup.cfg", folders: "build dist"},
	{reason: "build output", beside: "manage.py", folders: "staticfiles"},
	{reason: "build output", beside: "*.csproj *.fsproj *.vbproj *.sln", folders: "bin obj"},
	{reason: "build output", beside: "pubspec.yaml CMakeLists.txt *.xcodeproj gleam.toml", folders: "build"},
	{reason: "build output", beside: "mix.exs rebar.config", folders: "_build"},
	{reason: "build output", beside: "go.mod", folders: "dist"},
	{reason: "build output", beside: "Gemfile", folders: "tmp log coverage public/packs public/assets"},
	{reason: "build output", beside: "artisan", folders: "storage/framework storage/logs bootstrap/cache public/build"},
	{reason: "build output", beside: "_config.yml", folders: "_site"},
	{reason: "build output", beside: "hugo.toml hugo.yaml hugo.json", folders: "public resources/_gen"},

	{reason: lockReason,
		files: "package-lock.json npm-shrinkwrap.json yarn.lock pnpm-lock.yaml bun.lock bun.lockb deno.lock composer.lock Gemfile.lock " +
			"gems.locked Cargo.lock poetry.lock Pipfile.lock uv.lock pdm.lock pixi.lock pylock.toml conda-lock.yml go.sum go.work.sum mix.lock " +
			"rebar.lock gleam.lock pubspec.lock Podfile.lock Package.resolved Cartfile.resolved packages.lock.json paket.lock gradle.lockfile " +
			"flake.lock .terraform.lock.hcl MODULE.bazel.lock shard.lock conan.lock cabal.project.freeze stack.yaml.lock"},

	{reason: "media",
		files: "*.png *.jpg *.jpeg *.gif *.webp *.avif *.ico *.icns *.bmp *.tif *.tiff *.heic *.svg *.psd *.ai *.eps *.sketch *.fig *.xcf *.mp3 " +
			"*.wav *.ogg *.flac *.m4a *.aac *.mp4 *.webm *.mov *.avi *.mkv *.m4v *.woff *.woff2 *.ttf *.otf *.eot *.glb *.blend *.pdf *.doc " +
			"*.docx *.xls *.xlsx *.ppt *.pptx *.odt *.ods *.odp *.pages *.numbers"},
	{reason: "binary",
		files: "*.zip *.tar *.gz *.tgz *.bz2 *.xz *.zst *.7z *.rar *.jar *.war *.ear *.aar *.apk *.aab *.ipa *.dmg *.iso *.msi *.deb *.rpm " +
			"*.exe *.dll *.so *.dylib *.a *.o *.obj *.lib *.class *.pyc *.pyo *.pyd *.wasm *.node *.whl *.gem *.nupkg *.hprof"},
	{reason: "database", files: "*.sqlite *.sqlite3 *.db *.db-wal *.db-shm *.db-journal *.mdb *.rdb"},

	{reason: "minified or a source map",
		files: "*.min.js *.min.mjs *.min.cjs *.min.css *.bundle.js *.chunk.js *.chunk.css *.js.map *.mjs.map *.cjs.map *.css.map *.ts.map"},
	{reason: "generated code",
		files: "next-env.d.ts worker-configuration.d.ts auto-imports.d.ts *.tsbuildinfo *.gen.ts *.gen.tsx *.gen.js *.gen.go *.generated.ts " +
			"*.generated.tsx *.generated.js *.generated.go *.generated.cs *_generated.go *.pb.go *.pb.gw.go *.pb.h *.pb.cc *.pb.dart *_pb2.py " +
			"*_pb2.pyi *_pb2_grpc.py *_pb.js *_pb.ts *_pb.d.ts *.g.dart *.freezed.dart *.g.cs *.designer.cs gradlew gradlew.bat mvnw mvnw.cmd " +
			"GeneratedPluginRegistrant.java GeneratedPluginRegistrant.swift GeneratedPluginRegistrant.m generated_plugin_registrant.dart"},

	{reason: versionControl, folders: ".git .hg .svn .bzr .jj _darcs CVS", files: ".git"},
	{reason: desktopReason,
		folders: ".idea .vscode .vs .fleet .zed .cursor .nova .history .settings nbproject xcuserdata",
		files: ".DS_Store Thumbs.db ehthumbs.db desktop.ini .project .classpath .factorypath *.iml *.ipr *.iws *.sublime-project " +
			"*.sublime-workspace *.code-workspace *.csproj.user *.suo *.xcuserstate *.swp *.swo *.swn *~ *.orig *.rej *.bak"},
	{reason: scratchReason,
		files: "*.log *.tmp *.temp *.pid .eslintcache .stylelintcache .node_repl_history .coverage coverage.xml lcov.info *.lcov *.profraw"},
}

// place is where a folder of a common name has to stand to be left out.
type place struct {
	reason string
	name   string   // "dist", "public/build"
	beside []string // names, one of which stands in the same folder; empty: anywhere
}

var (
	folderPlaces   = map[string][]place{} // by the last element of the name
	folderSuffixes []ending
	fileNames      = map[string]string{} // name → reason
	fileEndings    = map[string]string{} // ".min.js", in lower case → reason
	fileSuffixes   []ending              // those that do not begin with a dot
)

type ending struct{ suffix, reason string }

func init() {
	for _, g := range groups {
		for _, name := range strings.Fields(g.folders) {
			if suffix, ok := strings.CutPrefix(name, "*"); ok {
				folderSuffixes = append(folderSuffixes, ending{suffix, g.reason})
				continue
			}
			last := path.Base(name)
			folderPlaces[last] = append(folderPlaces[last], place{g.reason, name, strings.Fields(g.beside)})
		}
		for _, name := range strings.Fields(g.files) {
			suffix, ok := strings.CutPrefix(name, "*")
			switch {
			case !ok:
				fileNames[name] = g.reason
			case suffix[0] == '.':
				fileEndings[suffix] = g.reason
			default:
				fileSuffixes = append(fileSuffixes, ending{suffix, g.reason})
			}
		}
	}
}

// defaultFile returns why a file is left out by default, by its name alone; "" where it is not.
func defaultFile(name string) string {
	name = path.Base(name)
	if reason := fileNames[name]; reason != "" {
		return reason
	}
	lower := strings.ToLower(name)
	for i := 1; i < len(lower); i++ {
		if lower[i] == '.' {
			if reason := fileEndings[lower[i:]]; reason != "" {
				return reason
			}
		}
	}
	for _, e := range fileSuffixes {
		if strings.HasSuffix(lower, e.suffix) {
			return e.reason
		}
	}
	return ""
}

// defaultFolder returns why the folder is left out by default, "" where it is not.
func defaultFolder(tree *source.Tree, folder string) string {
	name := path.Base(folder)
	for _, e := range folderSuffixes {
		if strings.HasSuffix(name, e.suffix) {
			return e.reason
		}
	}
	for _, p := range folderPlaces[name] {
		above, ok := strings.CutSuffix("./"+folder, "/"+p.name)
		if !ok {
			continue
		}
		if len(p.beside) == 0 {
			return p.reason
		}
		if manifest := beside(tree, path.Clean(above), p.beside); manifest != "" {
			return p.reason + " (" + manifest + " stands beside it)"
		}
	}
	if tree.Exists(path.Join(folder, "pyvenv.cfg")) {
		return "dependencies (a Python environment)"
	}
	return ""
}

// beside returns the name of the first of names that stands in the folder.
func beside(tree *source.Tree, folder string, names []string) string {
	for _, name := range names {
		suffix, ok := strings.CutPrefix(name, "*")
		if !ok {
			if tree.Exists(path.Join(folder, name)) {
				return name
			}
			continue
		}
		entries, err := tree.ReadDir(folder)
		if err != nil {
			return ""
		}
		for _, e := range entries {
			if strings.HasSuffix(e.Path, suffix) {
				return path.Base(e.Path)
			}
		}
	}
	return ""
}
