package docs

import (
	"fmt"
	"strings"
	"testing"
)

// TestJSEnd shows where what stands in braces ends.
func TestJSEnd(t *testing.T) {
	for in, want := range map[string]string{
		"{a}b":                           "{a}",
		"{}":                             "{}",
		"{ {a: {}} } c":                  "{ {a: {}} }",
		"{'}' + \"}\" + `}`} c":          "{'}' + \"}\" + `}`}",
		"{`${'}'}` + `${`}`}`} c":        "{`${'}'}` + `${`}`}`}",
		"{a /* } */ // }\n} c":           "{a /* } */ // }\n}",
		"{/[}/]/.test(x) / 2 / '}'} c":   "{/[}/]/.test(x) / 2 / '}'}",
		"{x / 2} + {1 / 3}":              "{x / 2}",
		"{return /}/} c":                 "{return /}/}",
		"{<p>it's } {b}</p>} c":          "{<p>it's } {b}</p>}",
		"{<p>it's {b}</p>} c":            "{<p>it's {b}</p>}",
		"{<A b={c} d='}' e=\"}\" />} c":  "{<A b={c} d='}' e=\"}\" />}",
		"{<>{<b/>}</>} c":                "{<>{<b/>}</>}",
		"{a < b && c > d} e":             "{a < b && c > d}",
		"{f(a)[0] < 1} e":                "{f(a)[0] < 1}",
		"{<a href={`}`} /* } */ x>}</a>": "",
		"{i++ / 2} a":                    "{i++ / 2}",
		"{'a\\'}'} b":                    "{'a\\'}'}",
		"{don't} a":                      "",
		"{(]} a":                         "",
		"{'a\n'}":                        "",
		"{`a\n\n`}":                      "{`a\n\n`}",
		"{":                              "",
		"{/*":                            "",
		"{<a":                            "",
		"{é}":                            "{é}",
	} {
		end, ok, stop := jsEnd(in, 0, len(in))
		if got := in[:end]; got != want || ok != (want != "") {
			t.Errorf("%q: %q %t, want %q", in, got, ok, want)
		}
		if stop > len(in)+1 {
			t.Errorf("%q: stopped at %d", in, stop)
		}
	}
}

// TestEvaluate shows what expressions stand for.
func TestEvaluate(t *testing.T) {
	known := func(name string) (jsValue, bool) {
		switch name {
		case "name", "a.b.c":
			return jsValue{kind: jsText, text: "value"}, true
		case "missing":
			return jsValue{kind: jsNothing}, true
		}
		return jsValue{}, false
	}
	for in, want := range map[string]string{
		"'a'": "a", `"a"`: "a", "`a`": "a", " 'a' ": "a", "'a';": "a", "1": "1", "-1.5e3": "-1.5e3", "true": "", "false": "", "null": "", "undefined": "",
		`'\n\t\\\'"'`: "\n\t\\'\"", `'\x41\u0042\u{43}'`: "ABC", "`a ${name} ${'b'}`": "a value b", "`a${1}`": "a1", "'a\\\nb'": "ab",
		"'a' + 'b'": "ab", "'a' + 1": "a1", "1 + 2": "?", "name": "value", "a.b.c": "value", "a?.b?.c": "value", "missing || 'x'": "x", "missing ?? 'x'": "x", "name || 'x'": "value",
		"'' || 'x'": "x", "'' ?? 'x'": "", "['a', 'b',]": "ab", "[1, [2]]": "12", "[]": "", "('a')": "a", "/* c */ 'a' // d": "a", "{a: 1}": "?", "f('a')": "?", "require('./x.png').default": "./x.png",
		"useBaseUrl('/x')": "/x", "require(x)": "?", "a ? 'b' : 'c'": "?", "unknown": "?", "'a": "?", "`a": "?", "`${unknown}`": "?", "[": "?", "{": "?", "{a:": "?", "{1}": "?", "": "?", "'\\ud83d\\ude00'": "?",
		"'\\u{110000}'": "?", "'\\x4'": "?", "missing + 'a'": "?", "((((((((((((((('a')))))))))))))))": "?",
	} {
		v, ok := evaluate(in, 0, len(in), known)
		text, said := v.words()
		got := "?"
		if ok && said {
			got = text
		}
		if got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
		if ok && v.start < v.end && in[v.start:v.end] != v.text {
			t.Errorf("%q: %q stands there, not %q", in, in[v.start:v.end], v.text)
		}
	}
	object := "{a: {'b': `c`}, \"d\": 1}"
	v, ok := evaluate(object, 0, len(object), nil)
	inner, _ := v.get("a")
	if c, has := inner.get("b"); !ok || !has || c.text != "c" {
		t.Errorf("%+v", v)
	}
	long := "'" + strings.Repeat("x", maxJSText) + "' + 'y'"
	if _, ok := evaluate(long, 0, len(long), nil); ok {
		t.Error("a text grows without end")
	}
}

// TestModules shows which lines are statements, and what they import and export.
func TestModules(t *testing.T) {
	for in, want := range map[string]string{
		"import A from 'a'\n":                                        "A=a#default",
		"import A, {b as C, d} from \"a\";\n# x\n":                   "A=a#default C=a#b d=a#d",
		"import * as A from 'a'":                                     "A=a#*",
		"import {} from 'a'\n":                                       "",
		"import'a'\n":                                                "",
		"import type T from 't'\n":                                   "T=t#default",
		"import type from 't'\n":                                     "type=t#default",
		"import A from 'a'; import B from 'b'; // c\n":               "A=a#default B=b#default",
		"import A from 'a' with {\n type: 'json' }\nx":               "A=a#default",
		"import {\n  a,\n\n  b\n} from 'c'\n":                        "a=c#a b=c#b",
		"export const a = 1\n":                                       "a",
		"export let a =\n  1\nText":                                  "a",
		"export const [a, b] = c\n":                                  "",
		"export function f() {\n\n}\n\nText":                         "f",
		"export async function* g() {}\n":                            "g",
		"export class C {\n  a = 1\n}\n":                             "C",
		"export default (p) => <p>\n\n{p.x}</p>\n":                   "",
		"export { a, b as c }\n":                                     "",
		"export * from 'a'\n":                                        "",
		"export const a = {\n  b: 1,\n}\n.c\n":                       "a",
		"import A from 'a'\nA.x = 1\n// c\nconst b = 2\nText":        "A=a#default",
		"import this in a sentence\n":                                "-",
		"import a\n":                                                 "-",
		"import a from b\n":                                          "-",
		"import a from 'b' and more\n":                               "-",
		"import {a b} from 'c'\n":                                    "-",
		"import * from 'c'\n":                                        "-",
		"important\n":                                                "-",
		"export it to a file\n":                                      "-",
		"export const\n":                                             "-",
		"export const a\n":                                           "-",
		"export default settings to a file\n":                        "-",
		"export const a = {\n":                                       "-",
		"export function ()\n":                                       "-",
		"exports.a = 1\n":                                            "-",
		"import('x')\n":                                              "-",
		"import A from 'a\nb'\n":                                     "-",
		"export const a = 'b' c d\n":                                 "-",
		"import A from 'a'\nimport is what this line begins with.\n": "A=a#default",
	} {
		m, ok, _ := readModules(in, 0)
		var got []string
		for _, i := range m.imports {
			got = append(got, i.name+"="+i.from+"#"+i.member)
		}
		for _, e := range m.exports {
			got = append(got, e.name)
		}
		if s := strings.Join(got, " "); !ok && want != "-" || ok && s != want {
			t.Errorf("%q: %q %t, want %q", in, s, ok, want)
		}
		if ok && m.end < len(in) && in[m.end-1] != '\n' {
			t.Errorf("%q ends in a line: %q", in, in[:m.end])
		}
	}
}

// TestReadJSX shows what is a tag, and how its attributes are read.
func TestReadJSX(t *testing.T) {
	for in, want := range map[string]string{
		"<A>":                              "A",
		"<A/>":                             "A /",
		"</A>":                             "/A",
		"</ A >":                           "-",
		"<>":                               "",
		"</>":                              "/",
		"<a.b.C x>":                        "a.b.C x",
		"<svg:path d=\"1\"/>":              "svg:path d=1 /",
		"<A b='c \"' d=\"e\nf\" g>":        "A b=c \" d=e\nf g",
		"<A b={c} {...d} e={<F g='>'/>}":   "-",
		"<A b={c} {...d} e={<F g='>'/>}>":  "A b={c} ... e={<F g='>'/>}",
		"<A b=<i>x</i> c>":                 "A b=<i>x</i> c",
		"<A /* c > */ b>":                  "A b",
		"<A b = 'c'\n\n d>":                "A b=c d",
		"<A b=c d=1>":                      "A b=c d=1",
		"<A :b=\"c\" @d=\"e\" v-if=\"f\">": "A :b=c @d=e v-if=f",
		"<A b":                             "-",
		"<A b=":                            "-",
		"<A b=\"":                          "-",
		"<A b={":                           "-",
		"<A ,>":                            "-",
		"<A b=>":                           "-",
		"<A/ >":                            "-",
		"<a@b.c>":                          "-",
		"<https://x>":                      "-",
		"<5>":                              "-",
		"<A, B>":                           "-",
		"< A>":                             "-",
		"<A /*":                            "-",
		"<é>":                              "é",
	} {
		tag, ok, _ := readJSX(in, 0, len(in), 0)
		got := "-"
		if ok {
			got = tag.name
			if tag.closing {
				got = "/" + got
			}
			for _, a := range tag.attrs {
				switch a.kind {
				case jsxBare:
					got += " " + a.name
				case jsxSpread:
					got += " ..."
				case jsxBraces:
					got += fmt.Sprintf(" %s={%s}", a.name, in[a.from:a.to])
				default:
					got += fmt.Sprintf(" %s=%s", a.name, in[a.from:a.to])
				}
			}
			if tag.empty {
				got += " /"
			}
		}
		if got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	in := "> <A\n>   b\n> />"
	if tag, ok, _ := readJSX(in, 2, len(in), 1); !ok || len(tag.attrs) != 1 || tag.end != len(in) {
		t.Errorf("in a quote: %+v %t", tag, ok)
	}
}
