package fetch

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"syscall"
)

// maxURL is the length of the longest address that is fetched, in bytes.
const maxURL = 4096

// checkURL takes an address apart and brings it into one form: scheme and host in lower case, no port that the scheme implies, a path, no
// fragment, nothing in the query that a request line can't hold. Refused is what is no http or https, has userinfo, or a host that is neither a name in DNS syntax (RFC 1123, 2.1) nor an IP
// address in its usual form: what resolvers of C libraries take for numbers (127.1, 0x7f.1, 2130706433) is refused, and so are digits
// outside ASCII. The error has no word of the address in it that could be a password.
func checkURL(raw string) (*url.URL, error) {
	if len(raw) > maxURL {
		return nil, fmt.Errorf("the address is longer than %d bytes", maxURL)
	}
	u, err := url.Parse(raw)
	if err != nil {
		return nil, errors.New("the address can't be read")
	}
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, errors.New("the address is neither http nor https")
	case u.User != nil:
		return nil, errors.New("the address holds a user name or password before the host")
	case u.Host == "":
		return nil, errors.New("the address has no host")
	}
	host, err := checkHost(u.Hostname(), strings.HasPrefix(u.Host, "["))
	if err != nil {
		return nil, err
	}
	port, err := checkPort(u)
	if err != nil {
		return nil, err
	}
	u.Host = host + port
	u.Fragment, u.RawFragment = "", ""
	u.RawQuery = escapeQuery(u.RawQuery)
	if u.Path == "" {
		u.Path = "/"
	}
	return u, nil
}

// checkHost returns the host of a URL as it is to be written there.
func checkHost(host string, brackets bool) (string, error) {
	if brackets {
		a, err := netip.ParseAddr(host)
		if err != nil || !a.Is6() || a.Zone() != "" {
			return "", errors.New("the host in brackets is no IPv6 address without zone")
		}
		return "[" + a.String() + "]", nil
	}
	if len(host) > 253 {
		return "", errors.New("the host is longer than a DNS name can be")
	}
	labels := strings.Split(strings.ToLower(host), ".")
	for _, label := range labels {
		if !isLabel(label) {
			return "", errors.New("the host is no DNS name: letters, digits and hyphens between dots (xn--… for other letters)")
		}
	}
	if isNumber(labels[len(labels)-1]) {
		if _, err := netip.ParseAddr(host); err != nil {
			return "", errors.New("the host is a number, but no IPv4 address in its usual form")
		}
	}
	return strings.ToLower(host), nil
}

// escapeQuery escapes what people write into a query and HTTP has no place for (URL Standard, "query percent-encode set").
func escapeQuery(s string) string {
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c >= 0x7f || c == '"' || c == '<' || c == '>' {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// isLabel reports whether s, in lower case, is one label of a host name.
func isLabel(s string) bool {
	if s == "" || len(s) > 63 || s[0] == '-' || s[len(s)-1] == '-' {
		return false
	}
	for i := range len(s) {
		if c := s[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return false
		}
	}
	return true
}

// isNumber reports whether a host that ends in this label is taken for an IPv4 address (URL Standard, "ends in a number checker").
func isNumber(label string) bool {
	if rest, ok := strings.CutPrefix(label, "0x"); ok {
		return strings.Trim(rest, "0123456789abcdef") == ""
	}
	return strings.Trim(label, "0123456789") == ""
}

// checkPort returns the port with its colon, or nothing where the scheme implies it.
func checkPort(u *url.URL) (string, error) {
	if !strings.HasSuffix(u.Host, ":"+u.Port()) {
		return "", nil
	}
	n, err := strconv.ParseUint(u.Port(), 10, 16)
	if err != nil || u.Port()[0] == '0' {
		return "", errors.New("the port is no number from 1 to 65535")
	}
	if u.Scheme == "http" && n == 80 || u.Scheme == "https" && n == 443 {
		return "", nil
	}
	return ":" + u.Port(), nil
}

// specialRange is a range of addresses that are not those of websites.
type specialRange struct {
	prefix netip.Prefix
	name   string
}

// specialRanges are the IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890; as of October 2025), multicast (RFC 5771, RFC 4291),
// and formats that were withdrawn but that a router may still know. The narrower range stands before the wider one, for its name.
var specialRanges = []specialRange{
	special("0.0.0.0/8", "this network"),
	special("10.0.0.0/8", "private use"),
	special("100.64.0.0/10", "shared by a carrier's customers"),
	special("127.0.0.0/8", "loopback"),
	special("169.254.0.0/16", "link-local"),
	special("172.16.0.0/12", "private use"),
	special("192.0.0.0/24", "protocol assignments"),
	special("192.0.2.0/24", "documentation"),
	special("192.31.196.0/24", "AS112"),
	special("192.52.193.0/24", "AMT"),
	special("192.88.99.0/24", "6to4 relays"),
	special("192.168.0.0/16", "private use"),
	special("192.175.48.0/24", "AS112"),
	special("198.18.0.0/15", "benchmarking"),
	special("198.51.100.0/24", "documentation"),
	special("203.0.113.0/24", "documentation"),
	special("224.0.0.0/4", "multicast"),
	special("255.255.255.255/32", "broadcast"),
	special("240.0.0.0/4", "reserved"),

	special("::/128", "unspecified"),
	special("::1/128", "loopback"),
	special("::/96", "IPv4-compatible, withdrawn"),
	special("::ffff:0:0:0/96", "IPv4-translated"),
	special("64:ff9b:1::/48", "translation inside one network"),
	special("100::/64", "discarded"),
	special("100:0:0:1::/64", "dummy"),
	special("2001::/32", "Teredo"),
	special("2001:2::/48", "benchmarking"),
	special("2001:3::/32", "AMT"),
	special("2001:4:112::/48", "AS112"),
	special("2001:10::/28", "ORCHID"),
	special("2001:20::/28", "ORCHIDv2"),
	special("2001:30::/28", "drone remote identification"),
	special("2001::/23", "protocol assignments"),
	special("2001:db8::/32", "documentation"),
	special("2002::/16", "6to4"),
	special("2620:4f:8000::/48", "AS112"),
	special("3fff::/20", "documentation"),
	special("5f00::/16", "segment routing"),
	special("fc00::/7", "unique local"),
	special("fe80::/10", "link-local"),
	special("fec0::/10", "site-local, withdrawn"),
	special("ff00::/8", "multicast"),
}

func special(prefix, name string) specialRange {
	return specialRange{netip.MustParsePrefix(prefix), name}
}

var (
	globalUnicast = netip.MustParsePrefix("2000::/3")     // all that IANA hands out of IPv6 (RFC 4291, 2.4)
	nat64         = netip.MustParsePrefix("64:ff9b::/96") // RFC 6052, 2.1: the last four bytes are an IPv4 address
)

// specialAddress returns the range to which a belongs if websites have no such addresses, as "127.0.0.0/8 (loopback)", else "". An IPv4
// address is judged as such also when IPv6 wraps it, mapped or for NAT64. 6to4 and Teredo, which wrap one too, are refused whole.
func specialAddress(a netip.Addr) string {
	a = a.WithZone("").Unmap()
	if nat64.Contains(a) {
		b := a.As16()
		a = netip.AddrFrom4([4]byte(b[12:]))
	}
	for _, s := range specialRanges {
		if s.prefix.Contains(a) {
			return s.prefix.String() + " (" + s.name + ")"
		}
	}
	if a.Is6() && !globalUnicast.Contains(a) {
		return "the part of IPv6 outside " + globalUnicast.String() + " (not assigned)"
	}
	return ""
}

// addressRefused is why a connection was not made.
type addressRefused struct{ address, special string }

func (e *addressRefused) Error() string { return e.address + " is in " + e.special }

// checkDialled is a net.Dialer's Control: it sees each address to which a connection is about to be made, after the name was resolved, so
// that a name can't point to one address when it is checked and to another when it is used.
func checkDialled(_, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return &addressRefused{address, "no known form"}
	}
	if special := specialAddress(to.Addr()); special != "" {
		return &addressRefused{to.Addr().String(), special}
	}
	return nil
}
