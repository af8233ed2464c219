package facts

import "strings"

// EnvMention is an environment variable's name as a text writes it.
type EnvMention struct {
	Name       string
	Start, End int  // bytes of the text
	Certain    bool // what stands around it says that it is a variable of the environment, not a constant
}

// EnvMentions finds names that are written like environment variables. Linear in len(s).
func EnvMentions(s string) []EnvMention {
	var out []EnvMention
	line := 0 // where the line begins
	for i := 0; i < len(s); {
		c := s[i]
		if c == '\n' {
			line = i + 1
		}
		if class[c]&classUpper == 0 || i > 0 && isNameByte(s[i-1]) {
			i++
			continue
		}
		end := i
		for end < len(s) && isNameByte(s[end]) {
			end++
		}
		if name := s[i:end]; IsEnvName(name) {
			out = append(out, EnvMention{Name: name, Start: i, End: end, Certain: conventional(name) || fromEnvironment(s[max(0, i-32):i]) || assigned(s, line, i, end)})
		}
		i = end
	}
	return out
}

func isNameByte(c byte) bool { return class[c]&(classLetter|classDigit) != 0 || c == '_' }

// conventional reports whether the name alone says what it is: frameworks' public prefixes, and endings of settings and secrets.
func conventional(name string) bool {
	for _, p := range []string{"NEXT_PUBLIC_", "VITE_", "REACT_APP_", "EXPO_PUBLIC_", "NUXT_", "PUBLIC_", "GATSBY_", "VUE_APP_", "SVELTE_"} {
		if strings.HasPrefix(name, p) {
			return true
		}
	}
	for _, e := range []string{"_KEY", "_TOKEN", "_SECRET", "_PASSWORD", "_DSN", "_HOST", "_URL", "_ENDPOINT", "_REGION", "_ENV"} {
		if strings.HasSuffix(name, e) {
			return true
		}
	}
	return false
}

// fromEnvironment reports whether the text before a name reads it from the environment.
func fromEnvironment(before string) bool {
	before = strings.TrimRight(before, " \t`\"'([{$")
	for _, e := range []string{"process.env.", "process.env", "import.meta.env.", "Deno.env.get", "os.environ", "os.environ.get", "os.getenv", "os.Getenv", "os.LookupEnv", "getenv", "System.getenv",
		"ENV", "env", "env.", "env::var", "ENV.fetch", "Environment.GetEnvironmentVariable", "System.fetch_env!", "System.get_env", "export", "setx", "$env:", "config"} {
		if strings.HasSuffix(before, e) {
			return true
		}
	}
	return false
}

// assigned reports whether the name stands alone at the start of a line before "=", as in a .env file, or after "$".
func assigned(s string, line, start, end int) bool {
	if start > 0 && s[start-1] == '$' || strings.HasSuffix(s[:start], "${") {
		return true
	}
	if start-line > 40 {
		return false
	}
	before := strings.TrimSpace(s[line:start])
	return end < len(s) && s[end] == '=' && (end+1 >= len(s) || s[end+1] != '=') && (before == "" || before == "export" || before == "#")
}
