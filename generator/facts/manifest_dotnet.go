package facts

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
)

// readDotnet reads the project file of a .NET language: its SDK, which says what kind of app it is, and its PackageReferences. A version that
// is a property, or stands in a file for many projects, stays empty.
func readDotnet(m *manifest) {
	dec := xml.NewDecoder(strings.NewReader(m.file.Text))
	dec.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil } // it was read as UTF-8, whatever it says
	var open []string
	for {
		start := int(dec.InputOffset())
		token, err := dec.Token()
		end := min(int(dec.InputOffset()), len(m.file.Text))
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			m.fault(end, end, "not valid XML: "+err.Error(), unread)
			return
		}
		switch t := token.(type) {
		case xml.StartElement:
			m.dotnetElement(t, len(open), start, end)
			open = append(open, t.Name.Local)
		case xml.EndElement:
			open = open[:max(len(open)-1, 0)]
		case xml.CharData:
			if n := len(open); n > 1 && open[n-1] == "Version" && open[n-2] == "PackageReference" && len(m.found) > 0 {
				m.found[len(m.found)-1].Version = plainProperty(strings.TrimSpace(string(t)))
			}
		}
	}
}

func (m *manifest) dotnetElement(t xml.StartElement, depth, start, end int) {
	attr := map[string]string{}
	for _, a := range t.Attr {
		attr[a.Name.Local] = strings.TrimSpace(a.Value)
	}
	switch {
	case depth == 0 && attr["Sdk"] != "":
		for _, sdk := range strings.Split(attr["Sdk"], ";") {
			name, version, _ := strings.Cut(strings.TrimSpace(sdk), "/")
			m.add(name, plainProperty(version), start, end, false)
		}
	case t.Name.Local == "PackageReference" && attr["Include"] != "":
		m.add(attr["Include"], plainProperty(attr["Version"]), start, end, attr["PrivateAssets"] == "all")
	}
}

// plainProperty is a value that no property of the build is part of, else nothing.
func plainProperty(s string) string {
	if strings.Contains(s, "$(") {
		return ""
	}
	return s
}
