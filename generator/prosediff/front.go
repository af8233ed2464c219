package prosediff

import (
	"bytes"
)

// frontMatter cuts the front matter at offset at, if there is any, and returns where the body begins. A first block without any key is a
// thematic break, and one that is never closed is text.
func (c *cutter) frontMatter(at int) int {
	first, next := c.lineAt(at)
	if string(bytes.TrimRight(first, " \t\r\n")) != "---" {
		return at
	}
	close, keys := -1, 0
	for pos := next; pos < len(c.data); {
		line, after := c.lineAt(pos)
		if trimmed := string(bytes.TrimRight(line, " \t\r\n")); trimmed == "---" || trimmed == "..." {
			close = pos
			break
		}
		if keyLength(line) > 0 {
			keys++
		}
		pos = after
	}
	if close < 0 || keys == 0 {
		return at
	}
	c.begin(at, shape{kind: frontFence})
	c.frontKeys(next, close)
	c.begin(close, shape{kind: frontFence})
	_, end := c.lineAt(close)
	return end
}

// frontKeys begins a block at each key between the fences, and at each key of a map directly below one.
func (c *cutter) frontKeys(from, to int) {
	nested := -1 // indentation of the keys of the map that is open
	open := false
	for pos := from; pos < to; {
		line, after := c.lineAt(pos)
		indent := len(line) - len(bytes.TrimLeft(line, " "))
		n := keyLength(line[indent:])
		switch {
		case n > 0 && indent == 0:
			c.begin(pos, shape{kind: frontKey})
			nested, open = -1, len(bytes.TrimSpace(line[n+1:])) == 0
		case n > 0 && (open || indent == nested):
			c.begin(pos, shape{kind: frontKey, depth: 1})
			nested, open = indent, false
		case len(bytes.TrimSpace(line)) > 0:
			open = false
		}
		pos = after
	}
}

func (c *cutter) lineAt(pos int) (line []byte, next int) {
	if i := bytes.IndexByte(c.data[pos:], '\n'); i >= 0 {
		return c.data[pos : pos+i+1], pos + i + 1
	}
	return c.data[pos:], len(c.data)
}

// keyLength returns the length of the plain YAML key that line begins with, without the colon; 0 where there is none.
func keyLength(line []byte) int {
	for i, c := range line {
		switch {
		case c == ':':
			if i+1 == len(line) || line[i+1] == ' ' || line[i+1] == '\n' || line[i+1] == '\r' || line[i+1] == '\t' {
				return i
			}
			return 0
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-' && i > 0, c == '_', c == '.', c == '"', c == '\'':
		default:
			return 0
		}
	}
	return 0
}
