package project

// Languages is the closed set of what guidance and code of a framework may be in, sorted. Names are those of code fences.
var Languages = []string{
	"c", "clojure", "cpp", "csharp", "css", "dart", "elixir", "erlang", "fsharp", "go", "graphql", "groovy", "haskell", "html", "java", "javascript",
	"julia", "kotlin", "lua", "objectivec", "ocaml", "perl", "php", "powershell", "python", "r", "ruby", "rust", "scala", "shell", "sql", "swift",
	"typescript", "zig",
}

// languageAliases are other names of languages, and what is meant by them.
var languageAliases = map[string]string{
	"js": "javascript", "node": "javascript", "nodejs": "javascript", "jsx": "javascript", "ecmascript": "javascript", "vue": "javascript", "svelte": "javascript",
	"ts": "typescript", "tsx": "typescript", "py": "python", "python3": "python", "golang": "go", "rb": "ruby", "kt": "kotlin", "rs": "rust", "ex": "elixir",
	"c#": "csharp", "cs": "csharp", "dotnet": "csharp", ".net": "csharp", "f#": "fsharp", "c++": "cpp", "cxx": "cpp", "objc": "objectivec",
	"objective-c": "objectivec", "bash": "shell", "sh": "shell", "zsh": "shell", "posix": "shell", "ps1": "powershell", "pwsh": "powershell", "scss": "css", "sass": "css",
	"postgres": "sql", "mysql": "sql", "flutter": "dart",
}
