package facts

import (
	"strings"
	"testing"

	"skillgen/generator/source"
)

// What manifests ask for, and ranges of detect that it can and can't meet.
func TestAdmits(t *testing.T) {
	for _, c := range []struct{ manifest, version, in, out string }{
		{"package.json", "16.0.0", ">=13.4|=16.0.0|16.0.0|<16.0.1|^16|~16.0", "<16|>16.0.0|^15|16.0.1"},
		{"package.json", "^13.0.0", ">=13.4|<13.4|<14|13.9.1", ">=14|<13"},
		{"package.json", "~13.4.1", ">=13.4.1|13.4.9", ">=13.5|<13.4.1"},
		{"package.json", "~13", "13.9.0", ">=14"},
		{"package.json", "^0.3.1", "0.3.9", ">=0.4|<0.3.1"},
		{"package.json", "^0.0.3", "0.0.3", ">=0.0.4"},
		{"package.json", "^0", "0.9.0", ">=1"},
		{"package.json", ">=12 <15", "14.9.9|12.0.0", ">=15|<12"},
		{"package.json", ">= 12  < 15", "14.0.0", ">=15"},
		{"package.json", ">12.1.0", "12.1.1", "<=12.1.0"},
		{"package.json", "<=4", "4.0.0|4.9.0", ">=5"},
		{"package.json", "14 || 16", "^14|16.1.0", "^15|>=17"},
		{"package.json", "1.2 - 1.4", "1.2.0|1.4.0", "<1.2|>=1.5"},
		{"package.json", "1.x", "1.9.0", "<1|>=2"},
		{"package.json", "1.2.*", "1.2.9", ">=1.3"},
		{"package.json", "v1.2.3-rc.1", "1.2.3|>=1.2.3", "<1.2.3"},
		{"package.json", "latest", "<1|>=99", ""},
		{"package.json", "workspace:^", ">=99", ""},
		{"package.json", "npm:react@^18", "<1", ""},
		{"package.json", "", "<1", ""},
		{"package.json", "*", "<1|>=99", ""},
		{"package.json", "1.2.3.4.5 nonsense", ">=99", ""},
		{"package.json", "<>1", ">=99|<1", ""},
		{"package.json", "1.xy", ">=99|<1", ""},
		{"package.json", "1.x.x", "1.9.0", ">=2"},
		{"requirements.txt", ">=4.2,<5", "4.9.0", ">=5|<4.2"},
		{"requirements.txt", "~=4.2", "4.9.0", ">=5"},
		{"requirements.txt", "~=4.2.1", "4.2.9", ">=4.3|<4.2.1"},
		{"requirements.txt", "==5.*", "5.9.0", ">=6"},
		{"requirements.txt", "==5.0rc1", "5.0.0", "<5"},
		{"requirements.txt", ">=4,!=4.1", "4.1.0", "<4"},
		{"Gemfile", "~> 7.1", "7.9.0", ">=8|<7.1"},
		{"Gemfile", "~> 7.1.2", "7.1.9", ">=7.2"},
		{"Gemfile", ">= 7, < 8", "7.9.0", ">=8"},
		{"composer.json", "~1.2", "1.9.0", ">=2"},
		{"composer.json", "~1.2.3", "1.2.9", ">=1.3"},
		{"composer.json", "^10|^11", "11.3.0|10.0.0", ">=12"},
		{"composer.json", "dev-main", ">=99", ""},
		{"Cargo.toml", "0.7", "0.7.9", ">=0.8|<0.7"},
		{"Cargo.toml", "1.2.3", "1.9.0", ">=2|<1.2.3"},
		{"Cargo.toml", "=1.2.3", "1.2.3", ">=1.2.4"},
		{"go.mod", "v1.9.1", ">=1.9", ">=1.10"},
		{"mix.exs", "~> 1.7.0", "1.7.9", ">=1.8"},
		{"mix.exs", ">= 1.2.0 and < 2.0.0", "1.9.0", ">=2"},
		{"mix.exs", "~> 1.0 or ~> 2.0", "2.5.0", ">=3|<1"},
		{"pom.xml", "3.2.0.RELEASE", "3.2.0", ">=3.3"},
		{"pom.xml", "[1.0,2.0)", "1.5.0", ">=2|<1"},
		{"pom.xml", "[1.5]", "1.5.0", ">=1.6"},
		{"pom.xml", "(,2.0)", "0.1.0", ">=2"},
		{"pom.xml", "${revision}", ">=99", ""},
		{"build.gradle", "3.+", "3.9.0", ">=4"},
		{"Package.swift", "5.0.0", "5.9.0", ">=6"},
	} {
		d := Dependency{Version: c.version, At: source.Span{File: &source.File{Path: "app/" + c.manifest}}}
		for _, r := range strings.Split(c.in, "|") {
			if !Admits(d, r) {
				t.Errorf("%s %q can't be %s", c.manifest, c.version, r)
			}
		}
		for _, r := range strings.Split(c.out, "|") {
			if r != "" && Admits(d, r) {
				t.Errorf("%s %q can be %s", c.manifest, c.version, r)
			}
		}
	}
}

// Whatever a manifest says, reading it ends, and a version without comparisons lies somewhere.
func FuzzAdmits(f *testing.F) {
	for _, s := range []string{"^1.2.3", ">=1,<2 || ~> 3", "[1,2)", "1.x - 2", "~", ">=", "v1.", "1..2", "((", "999999999.9", "1 and or 2", "||"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for manifest := range notations {
			d := Dependency{Version: s, At: source.Span{File: &source.File{Path: manifest}}}
			if low, high := Admits(d, "<1000000000.0.0"), Admits(d, ">=1000000000.0.0"); !low && !high && !strings.ContainsAny(s, "<>,[( -") {
				t.Errorf("%q is nowhere", s)
			}
		}
	})
}
