package release

import "embed"

//go:embed schemas
var schemas embed.FS

// Schema returns the JSON Schema of manifest.json ("manifest"), report.json ("report") or release.json ("release"), false for any other name.
func Schema(name string) ([]byte, bool) {
	data, err := schemas.ReadFile("schemas/" + name + ".json")
	return data, err == nil
}
