package prosediff

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// piece is a run of text as a reader is shown it: white space collapsed, long equal runs cut.
type piece struct {
	sign byte // '=' '-' '+'
	text string
}

// Long runs are cut to this many words: equal ones at either side of an edit, others in the middle.
const (
	wordsAround = 8
	wordsInEdit = 60
)

// maxInline is how many characters of a change are shown at most; the report as JSON has all of them.
const maxInline = 1500

// inline turns the steps of a change of prose into one line.
func inline(ops []Op) []piece {
	pieces := shortened(ops)
	size := 0
	for i, p := range pieces {
		if size += utf8.RuneCountInString(p.text); size > maxInline && i > 0 {
			if edits := countEdits(pieces[i:]); edits > 0 {
				return append(pieces[:i:i], piece{'=', fmt.Sprintf(" … and %s more", amount(edits, "edit"))})
			}
			break
		}
	}
	return pieces
}

func countEdits(pieces []piece) int {
	n := 0
	for i, p := range pieces {
		if p.sign != '=' && (i == 0 || pieces[i-1].sign == '=') {
			n++
		}
	}
	return n
}

func shortened(ops []Op) []piece {
	pieces := collapse(ops)
	for i := range pieces {
		if pieces[i].sign == '=' {
			pieces[i].text = cutEqual(pieces[i].text, i == 0, i == len(pieces)-1)
		} else {
			pieces[i].text = cutEdit(pieces[i].text)
		}
	}
	return pieces
}

// collapse joins white space to single blanks, drops steps that only change it, and moves blanks from the edges of edits out of them where both
// sides have one.
func collapse(ops []Op) []piece {
	var out []piece
	blank := false // a blank is due before the next word
	for _, o := range ops {
		words := strings.Fields(unquoted(o.Text))
		if len(words) == 0 {
			blank = blank || o.Text != ""
			continue
		}
		sign := signs[o.Op]
		leads := isBlank(o.Text[0])
		text := strings.Join(words, " ")
		n := len(out)
		switch {
		case n == 0:
		case out[n-1].sign == sign && (blank || leads):
			text = " " + text
		case out[n-1].sign == '=' && (blank || leads):
			out[n-1].text += " "
		case sign == '=' && (blank || leads), leads && !blank:
			text = " " + text
		}
		if n > 0 && out[n-1].sign == sign {
			out[n-1].text += text
		} else {
			out = append(out, piece{sign, text})
		}
		blank = isBlank(o.Text[len(o.Text)-1])
	}
	return out
}

// unquoted drops the block quote markers at the start of lines but the first, which are layout.
func unquoted(s string) string {
	if !strings.Contains(s, "\n>") {
		return s
	}
	var sb strings.Builder
	for i, line := range strings.SplitAfter(s, "\n") {
		if i > 0 {
			line = strings.TrimLeft(line, "> \t")
		}
		sb.WriteString(line)
	}
	return sb.String()
}

var signs = map[string]byte{"equal": '=', "delete": '-', "insert": '+'}

// cutEqual keeps the words next to edits.
func cutEqual(s string, first, last bool) string {
	words := strings.Split(s, " ")
	switch {
	case first && last:
		return cutEdit(s)
	case first && len(words) > wordsAround+1:
		return "… " + strings.Join(words[len(words)-wordsAround:], " ")
	case last && len(words) > wordsAround+1:
		return strings.Join(words[:wordsAround], " ") + " …"
	case len(words) > 2*wordsAround+1:
		return strings.Join(words[:wordsAround], " ") + " … " + strings.Join(words[len(words)-wordsAround:], " ")
	}
	return s
}

// cutEdit cuts what is very long in the middle.
func cutEdit(s string) string {
	words := strings.Split(s, " ")
	if len(words) > wordsInEdit {
		words = append(append(words[:wordsInEdit-wordsAround:wordsInEdit-wordsAround], "…"), words[len(words)-wordsAround:]...)
	}
	s = strings.Join(words, " ")
	if utf8.RuneCountInString(s) > 20*wordsInEdit {
		return clip(s, 20*wordsInEdit)
	}
	return s
}

// verbatimLines turns the steps of a change of code into the lines that hold an edit, each as pieces. Lines without one are left out; the
// second result says how many lines with edits were left out beyond most.
func verbatimLines(ops []Op, most int) (lines [][]piece, left int) {
	var cur []piece
	edited := false
	flush := func() {
		if edited {
			if len(lines) < most {
				lines = append(lines, cur)
			} else {
				left++
			}
		}
		cur, edited = nil, false
	}
	for i, o := range ops {
		sign := signs[o.Op]
		if i == len(ops)-1 && strings.Trim(o.Text, "\r\n") == "" {
			break // blank lines behind the block
		}
		for rest := o.Text; rest != ""; {
			line, after, ends := strings.Cut(rest, "\n")
			rest = after
			line = strings.TrimSuffix(line, "\r")
			if line != "" {
				if sign == '=' && utf8.RuneCountInString(line) > 120 {
					line = clip(line, 120)
				}
				cur = append(cur, piece{sign, line})
				edited = edited || sign != '='
			} else if sign != '=' && ends && len(cur) == 0 {
				cur, edited = append(cur, piece{sign, "⏎"}), true // an empty line came or went
			}
			if ends {
				flush()
			}
		}
	}
	flush()
	return lines, left
}
