package example

import (
	"path"
	"strings"
)

// Files that hold, or look as if they held, credentials are never part of a skill: no pattern rescues them. What they are called is compared
// without case. Program code may be called so (credentials.ts, id_token.go): it stays, and its text is searched for keys like any other.

const (
	environmentReason = "environment file, never part of a skill"
	credentialReason  = "shaped like a credential, never part of a skill"
)

var (
	environmentTemplates = names(".env.example .env.sample .env.template")
	credentialFolders    = names(".aws .ssh .docker .gnupg .kube")
	credentialFiles      = names(".npmrc .netrc _netrc .pypirc .pgpass .my.cnf .git-credentials .htpasswd .dockercfg .s3cfg local.properties")
	credentialEndings    = names(".pem .key .p12 .pfx .jks .keystore .ppk .kdbx")
	codeEndings          = names(".ts .tsx .mts .cts .js .jsx .mjs .cjs .vue .svelte .astro .go .py .rb .rs .java .kt .kts .scala .swift .dart .ex .exs " +
		".erl .gleam .php .cs .fs .vb .c .h .cc .cpp .hpp .m .mm .lua .jl .hs .ml .elm .clj .cljs .cr .zig .nim .r .razor .cshtml .erb .heex .ejs .hbs")
)

func names(list string) map[string]bool {
	set := map[string]bool{}
	for _, name := range strings.Fields(list) {
		set[name] = true
	}
	return set
}

// secretReason returns why a file or folder is never part of a skill, by its name alone; "" where it may be.
func secretReason(name string, isDir bool) string {
	name = strings.ToLower(path.Base(name))
	if strings.HasPrefix(name, ".env") && (isDir || !environmentTemplates[name]) {
		return environmentReason
	}
	if isDir {
		if credentialFolders[name] || strings.Contains(name, ".tfstate") {
			return credentialReason
		}
		return ""
	}
	ext := path.Ext(name)
	switch {
	case credentialFiles[name], credentialEndings[ext], strings.Contains(name, ".tfstate"):
		return credentialReason
	case strings.HasPrefix(name, "id_"), strings.HasPrefix(name, "credentials"):
		if !codeEndings[ext] {
			return credentialReason
		}
	case ext == ".json" && strings.HasPrefix(strings.NewReplacer("-", "", "_", "").Replace(name), "serviceaccount"):
		return credentialReason
	}
	return ""
}
