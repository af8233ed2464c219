package fetch

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

func TestCheckURL(t *testing.T) {
	for raw, want := range map[string]string{
		"https://example.com":                         "https://example.com/",
		"HTTPS://EXAMPLE.com:443/A/b?q=1#part":        "https://example.com/A/b?q=1",
		"http://example.com:80/":                      "http://example.com/",
		"http://example.com:443/":                     "http://example.com:443/",
		"https://example.com:8443/x":                  "https://example.com:8443/x",
		"https://xn--bcher-kva.example/":              "https://xn--bcher-kva.example/",
		"https://a-b.1c.example/%E2%82%AC?":           "https://a-b.1c.example/%E2%82%AC?",
		"https://example.com/a b/ü":                   "https://example.com/a%20b/%C3%BC",
		"https://example.com/s?q=a b&r=ü\"<%zz>":      "https://example.com/s?q=a%20b&r=%C3%BC%22%3C%zz%3E",
		"https://example.com/@scope/package":          "https://example.com/@scope/package",
		"http://localhost:3000/":                      "http://localhost:3000/",
		"http://127.0.0.1:3000/":                      "http://127.0.0.1:3000/",
		"http://[2001:DB8::1]:3000/":                  "http://[2001:db8::1]:3000/",
		"https://1.2.example/":                        "https://1.2.example/",
		"https://0x7f.example/":                       "https://0x7f.example/",
		"https://r3---sn-a.example/":                  "https://r3---sn-a.example/",
		"https://" + strings.Repeat("a", 63) + ".de/": "https://" + strings.Repeat("a", 63) + ".de/",
	} {
		u, err := checkURL(raw)
		if err != nil || u.String() != want {
			t.Errorf("%s: got %v, %v; want %s", raw, u, err, want)
		}
	}
}

func TestCheckURLRefuses(t *testing.T) {
	for raw, want := range map[string]string{
		"":                                            "neither http nor https",
		"example.com/a":                               "neither http nor https",
		"//example.com/a":                             "neither http nor https",
		"ftp://example.com/":                          "neither http nor https",
		"file:///etc/passwd":                          "neither http nor https",
		"javascript:alert(1)":                         "neither http nor https",
		"gopher://example.com/":                       "neither http nor https",
		"http:example.com":                            "no host",
		"http:///path":                                "no host",
		"https://":                                    "no host",
		"http://:80/":                                 "DNS name",
		"https://user@example.com/":                   "user name or password",
		"https://user:hunter2@example.com/":           "user name or password",
		"https://@example.com/":                       "user name or password",
		"https://user:hun/ter2@example.com":           "can't be read",
		"https://ex ample.com/":                       "can't be read",
		"https://example.com\\@evil.example/":         "can't be read",
		"https://example.com%2eevil.example/":         "can't be read",
		"https://example.com/%zz":                     "can't be read",
		"https://example.com/\n":                      "can't be read",
		"https://example.com:99999/":                  "port",
		"https://example.com:0/":                      "port",
		"https://example.com:080/":                    "port",
		"https://example.com:/":                       "port",
		"https://example.com:+80/":                    "can't be read",
		"https://①②⑦.0.0.1/":                          "DNS name",
		"https://127。0。0。1/":                          "DNS name",
		"https://bücher.example/":                     "DNS name",
		"https://ex_ample.com/":                       "DNS name",
		"https://-a.example/":                         "DNS name",
		"https://a-.example/":                         "DNS name",
		"https://a..example/":                         "DNS name",
		"https://.example/":                           "DNS name",
		"https://example.com./":                       "DNS name",
		"https://" + strings.Repeat("a", 64) + ".de/": "DNS name",
		"https://" + strings.Repeat("abcdefghi.", 26) + "com/": "longer than a DNS name",
		"http://127.1/":                               "is a number",
		"http://2130706433/":                          "is a number",
		"http://0x7f000001/":                          "is a number",
		"http://0x7f.1/":                              "is a number",
		"http://0X7F.0.0.1/":                          "is a number",
		"http://127.0.0.0x1/":                         "is a number",
		"http://127.0.0.0x/":                          "is a number",
		"http://0177.0.0.1/":                          "is a number",
		"http://127.0.0.01/":                          "is a number",
		"http://1.2.3.256/":                           "is a number",
		"http://1.2.3.4.5/":                           "is a number",
		"http://a.1/":                                 "is a number",
		"http://[fe80::1%25eth0]/":                    "IPv6",
		"http://[127.0.0.1]/":                         "", // the parser of the standard library or ours
		"http://[::1/":                                "can't be read",
		"https://a.de/" + strings.Repeat("x", maxURL): "longer than 4096",
	} {
		u, err := checkURL(raw)
		if err == nil {
			t.Errorf("%s: accepted as %s", raw, u)
			continue
		}
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %q, want %q", raw, err, want)
		}
		if strings.Contains(err.Error(), "hun") {
			t.Errorf("%s: the error shows the password: %v", raw, err)
		}
		c, _ := newTestClient(t, ClientOptions{})
		if f := fails(t, c, Request{URL: raw}, FaultURL); strings.Contains(f.Error(), "hun") || strings.Contains(f.Error(), "ter2") {
			t.Errorf("%s: the fault shows the password: %v", raw, f)
		}
	}
}

// What is accepted has one form, which is accepted as it is; its host is a name or an address as everybody writes it.
func FuzzCheckURL(f *testing.F) {
	for _, s := range []string{"https://example.com/a?b#c", "http://user:p@h/", "http://127.1:80", "https://[::1%25a]:443/", "http://①.0x7f/%2e%2e/", "HTTP://A.b:0/", "http:a//b", "//x", "http://x/ü?a b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		_ = newVeil(nil).cover(raw, &Fault{Message: "m"})
		u, err := checkURL(raw)
		if err != nil {
			return
		}
		again, err := checkURL(u.String())
		if len(u.String()) <= maxURL && (err != nil || again.String() != u.String()) {
			t.Fatalf("%q: %q, then %v, %v", raw, u, again, err)
		}
		if u.Scheme != "http" && u.Scheme != "https" || u.User != nil || u.Fragment != "" || !strings.HasPrefix(u.Path, "/") {
			t.Fatalf("%q: %#v", raw, u)
		}
		if strings.ContainsFunc(u.RequestURI(), func(r rune) bool { return r <= ' ' || r >= 0x7f }) {
			t.Fatalf("%q: request line %q", raw, u.RequestURI())
		}
		host := u.Hostname()
		if a, err := netip.ParseAddr(host); err == nil {
			if a.String() != host {
				t.Fatalf("%q: %s is written %s", raw, a, host)
			}
			return
		}
		if strings.Trim(host, "abcdefghijklmnopqrstuvwxyz0123456789-.") != "" || looksLikeNumber(host) {
			t.Fatalf("%q: host %q", raw, host)
		}
	})
}

// looksLikeNumber reports whether inet_aton of C libraries takes s for an IPv4 address: one to four numbers, decimal, octal or hexadecimal.
func looksLikeNumber(s string) bool {
	parts := strings.Split(s, ".")
	for _, p := range parts {
		if _, err := strconv.ParseUint(p, 0, 32); err != nil || strings.HasPrefix(p, "0b") || strings.HasPrefix(p, "0o") {
			return false
		}
	}
	return len(parts) <= 4
}

// The ranges, written down a second time: prefix, its first and last address, and the neighbours before and after it with "ok" where those
// are addresses of websites, "special" where another range begins, "-" where there is none.
const rangesTable = `
0.0.0.0/8          0.0.0.0 0.255.255.255              - -                                                      1.0.0.0 ok
10.0.0.0/8         10.0.0.0 10.255.255.255            9.255.255.255 ok                                         11.0.0.0 ok
100.64.0.0/10      100.64.0.0 100.127.255.255         100.63.255.255 ok                                        100.128.0.0 ok
127.0.0.0/8        127.0.0.0 127.255.255.255          126.255.255.255 ok                                       128.0.0.0 ok
169.254.0.0/16     169.254.0.0 169.254.255.255        169.253.255.255 ok                                       169.255.0.0 ok
172.16.0.0/12      172.16.0.0 172.31.255.255          172.15.255.255 ok                                        172.32.0.0 ok
192.0.0.0/24       192.0.0.0 192.0.0.255              191.255.255.255 ok                                       192.0.1.0 ok
192.0.2.0/24       192.0.2.0 192.0.2.255              192.0.1.255 ok                                           192.0.3.0 ok
192.31.196.0/24    192.31.196.0 192.31.196.255        192.31.195.255 ok                                        192.31.197.0 ok
192.52.193.0/24    192.52.193.0 192.52.193.255        192.52.192.255 ok                                        192.52.194.0 ok
192.88.99.0/24     192.88.99.0 192.88.99.255          192.88.98.255 ok                                         192.88.100.0 ok
192.168.0.0/16     192.168.0.0 192.168.255.255        192.167.255.255 ok                                       192.169.0.0 ok
192.175.48.0/24    192.175.48.0 192.175.48.255        192.175.47.255 ok                                        192.175.49.0 ok
198.18.0.0/15      198.18.0.0 198.19.255.255          198.17.255.255 ok                                        198.20.0.0 ok
198.51.100.0/24    198.51.100.0 198.51.100.255        198.51.99.255 ok                                         198.51.101.0 ok
203.0.113.0/24     203.0.113.0 203.0.113.255          203.0.112.255 ok                                         203.0.114.0 ok
224.0.0.0/4        224.0.0.0 239.255.255.255          223.255.255.255 ok                                       240.0.0.0 special
240.0.0.0/4        240.0.0.0 255.255.255.254          239.255.255.255 special                                  255.255.255.255 special
255.255.255.255/32 255.255.255.255 255.255.255.255    255.255.255.254 special                                  - -
::/128             :: ::                              - -                                                      ::1 special
::1/128            ::1 ::1                            :: special                                               ::2 special
::/96              ::2 ::ffff:ffff                    ::1 special                                              ::1:0:0 special
::ffff:0:0:0/96    ::ffff:0:0:0 ::ffff:0:ffff:ffff    ::fffe:ffff:ffff:ffff special                            ::ffff:1:0:0 special
64:ff9b:1::/48     64:ff9b:1:: 64:ff9b:1:ffff:ffff:ffff:ffff:ffff  64:ff9b:0:ffff:ffff:ffff:ffff:ffff special  64:ff9b:2:: special
100::/64           100:: 100::ffff:ffff:ffff:ffff     ff:ffff:ffff:ffff:ffff:ffff:ffff:ffff special            100:0:0:1:: special
100:0:0:1::/64     100:0:0:1:: 100:0:0:1:ffff:ffff:ffff:ffff  100::ffff:ffff:ffff:ffff special                 100:0:0:2:: special
2001::/32          2001:: 2001:0:ffff:ffff:ffff:ffff:ffff:ffff  2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff ok     2001:1:: special
2001:2::/48        2001:2:: 2001:2:0:ffff:ffff:ffff:ffff:ffff  2001:1:ffff:ffff:ffff:ffff:ffff:ffff special    2001:2:1:: special
2001:3::/32        2001:3:: 2001:3:ffff:ffff:ffff:ffff:ffff:ffff  2001:2:ffff:ffff:ffff:ffff:ffff:ffff special 2001:4:: special
2001:4:112::/48    2001:4:112:: 2001:4:112:ffff:ffff:ffff:ffff:ffff  2001:4:111:ffff:ffff:ffff:ffff:ffff special  2001:4:113:: special
2001:10::/28       2001:10:: 2001:1f:ffff:ffff:ffff:ffff:ffff:ffff  2001:f:ffff:ffff:ffff:ffff:ffff:ffff special  2001:20:: special
2001:20::/28       2001:20:: 2001:2f:ffff:ffff:ffff:ffff:ffff:ffff  2001:1f:ffff:ffff:ffff:ffff:ffff:ffff special  2001:30:: special
2001:30::/28       2001:30:: 2001:3f:ffff:ffff:ffff:ffff:ffff:ffff  2001:2f:ffff:ffff:ffff:ffff:ffff:ffff special  2001:40:: special
2001::/23          2001:1:: 2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff  2001:0:ffff:ffff:ffff:ffff:ffff:ffff special  2001:200:: ok
2001:db8::/32      2001:db8:: 2001:db8:ffff:ffff:ffff:ffff:ffff:ffff  2001:db7:ffff:ffff:ffff:ffff:ffff:ffff ok  2001:db9:: ok
2002::/16          2002:: 2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff  2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff ok  2003:: ok
2620:4f:8000::/48  2620:4f:8000:: 2620:4f:8000:ffff:ffff:ffff:ffff:ffff  2620:4f:7fff:ffff:ffff:ffff:ffff:ffff ok  2620:4f:8001:: ok
3fff::/20          3fff:: 3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff  3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff ok   3fff:1000:: ok
5f00::/16          5f00:: 5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff  5eff:ffff:ffff:ffff:ffff:ffff:ffff:ffff special  5f01:: special
fc00::/7           fc00:: fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff  fbff:ffff:ffff:ffff:ffff:ffff:ffff:ffff special  fe00:: special
fe80::/10          fe80:: febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff  fe7f:ffff:ffff:ffff:ffff:ffff:ffff:ffff special  fec0:: special
fec0::/10          fec0:: feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff  febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff special  ff00:: special
ff00::/8           ff00:: ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff  feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff special  - -`

func TestSpecialRanges(t *testing.T) {
	rows := strings.Split(strings.TrimSpace(rangesTable), "\n")
	if len(rows) != len(specialRanges) {
		t.Errorf("%d ranges here, %d in the code", len(rows), len(specialRanges))
	}
	is := func(address string) string { return specialAddress(netip.MustParseAddr(address)) }
	for _, row := range rows {
		f := strings.Fields(row)
		if len(f) != 7 {
			t.Fatalf("a row of %d fields: %s", len(f), row)
		}
		for _, inside := range f[1:3] {
			if got := is(inside); !strings.HasPrefix(got, f[0]+" (") {
				t.Errorf("%s: got %q, want %s", inside, got, f[0])
			}
		}
		for _, i := range []int{3, 5} {
			if f[i] == "-" {
				continue
			}
			if got := is(f[i]); (got == "") != (f[i+1] == "ok") || strings.HasPrefix(got, f[0]+" (") {
				t.Errorf("%s beside %s: got %q, want %s", f[i], f[0], got, f[i+1])
			}
		}
	}
}

func TestSpecialAddress(t *testing.T) {
	for address, want := range map[string]string{
		"8.8.8.8":                              "",
		"2606:4700:4700::1111":                 "",
		"2a00:1450:4001:80b::200e":             "",
		"127.0.0.1":                            "127.0.0.0/8 (loopback)",
		"::ffff:127.0.0.1":                     "127.0.0.0/8 (loopback)",
		"::ffff:8.8.8.8":                       "",
		"::127.0.0.1":                          "::/96 (IPv4-compatible, withdrawn)",
		"::ffff:0:127.0.0.1":                   "::ffff:0:0:0/96 (IPv4-translated)",
		"64:ff9b::127.0.0.1":                   "127.0.0.0/8 (loopback)",
		"64:ff9b::169.254.169.254":             "169.254.0.0/16 (link-local)",
		"64:ff9b::8.8.8.8":                     "",
		"64:ff9b::1:7f00:1":                    "the part of IPv6 outside 2000::/3 (not assigned)", // beyond the /96
		"64:ff9b:1::8.8.8.8":                   "64:ff9b:1::/48 (translation inside one network)",
		"2002:7f00:1::":                        "2002::/16 (6to4)",
		"2002:808:808::":                       "2002::/16 (6to4)",
		"2001:0:4136:e378:8000:63bf:80ff:fffe": "2001::/32 (Teredo)",
		"fe80::1%eth0":                         "fe80::/10 (link-local)",
		"::1%lo":                               "::1/128 (loopback)",
		"4000::1":                              "the part of IPv6 outside 2000::/3 (not assigned)",
		"1fff::1":                              "the part of IPv6 outside 2000::/3 (not assigned)",
	} {
		if got := specialAddress(netip.MustParseAddr(address)); got != want {
			t.Errorf("%s: got %q, want %q", address, got, want)
		}
	}
}

// Private addresses are refused however they are written down or come about, before anything is sent.
func TestPrivateRefused(t *testing.T) {
	s := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("a request came through") })
	port := s.URL[strings.LastIndexByte(s.URL, ':'):]
	c := NewClient(ClientOptions{})
	defer c.Close()
	for _, host := range []string{"127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "[::]", "127.255.255.254", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "10.0.0.1", "169.254.169.254", "[fd00::1]"} {
		f := fails(t, c, Request{URL: "http://" + host + port + "/"}, FaultAddress, "leads to an address that no public website has")
		if !strings.Contains(f.Hint, "--allow-private") {
			t.Errorf("hint %q", f.Hint)
		}
	}
}

// A name that points to a public address first, and into the private network when it is looked up again, is refused then: what is checked is
// the address to which the connection is made. No packet leaves: the connection to the public address is stopped after the check.
func TestRebinding(t *testing.T) {
	s := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("a request came through") })
	port := s.URL[strings.LastIndexByte(s.URL, ':'):]
	names := startDNS(t, func(_ string, look int) string {
		if look == 1 {
			return "93.184.215.14"
		}
		return "127.0.0.1"
	})
	c := NewClient(ClientOptions{})
	defer c.Close()
	k := newClock()
	c.now, c.sleep = k.now, k.sleep
	c.dialer.Resolver = names.resolver
	var dialled []string
	check := c.dialer.Control
	c.dialer.Control = func(network, address string, raw syscall.RawConn) error {
		dialled = append(dialled, address)
		if err := check(network, address, raw); err != nil {
			return err
		}
		return errors.New("no network in tests")
	}
	fails(t, c, Request{URL: "http://rebind.example" + port + "/"}, FaultAddress, "127.0.0.1 is in 127.0.0.0/8 (loopback)")
	if got, want := strings.Join(dialled, " "), "93.184.215.14"+port+" 127.0.0.1"+port; got != want {
		t.Errorf("dialled %s, want %s", got, want)
	}
}

// With several addresses of which one is private, that one is never connected to.
func TestMixedAddresses(t *testing.T) {
	s := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("a request came through") })
	port := s.URL[strings.LastIndexByte(s.URL, ':'):]
	names := startDNS(t, func(string, int) string { return "93.184.215.14 127.0.0.1" })
	c := NewClient(ClientOptions{})
	defer c.Close()
	k := newClock()
	c.now, c.sleep = k.now, k.sleep
	c.dialer.Resolver = names.resolver
	check := c.dialer.Control
	c.dialer.Control = func(network, address string, raw syscall.RawConn) error {
		if err := check(network, address, raw); err != nil {
			return err
		}
		return syscall.ECONNREFUSED
	}
	if _, err := c.Get(t.Context(), Request{URL: "http://mixed.example" + port + "/"}); err == nil {
		t.Error("there was an answer")
	}
}

// The hosts of a client with AllowPrivate are found by the same resolver: the test server answers for a name.
func TestNames(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.Host) })
	port := s.URL[strings.LastIndexByte(s.URL, ':'):]
	c, _ := newTestClient(t, ClientOptions{})
	c.dialer.Resolver = startDNS(t, func(name string, _ int) string {
		if name == "docs.acme.example." {
			return "127.0.0.1"
		}
		return ""
	}).resolver
	if res := get(t, c, Request{URL: "http://DOCS.acme.example" + port + "/"}); string(res.Body) != "docs.acme.example"+port {
		t.Errorf("Host: %s", res.Body)
	}
	fails(t, c, Request{URL: "http://other.acme.example" + port + "/"}, FaultNetwork, "the host is not known (DNS)")
}

// dns is a name server on 127.0.0.1 that knows only addresses of IPv4.
type dns struct {
	resolver *net.Resolver
	mu       sync.Mutex
	looks    map[string]int
}

// startDNS starts a name server. answer gets a name with its final dot, and how often it was looked up; it returns addresses, or none.
func startDNS(t *testing.T, answer func(name string, look int) string) *dns {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	d := &dns{looks: map[string]int{}}
	d.resolver = &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{Timeout: time.Second}).DialContext(ctx, "udp", conn.LocalAddr().String())
	}}
	go func() {
		buf := make([]byte, 1500)
		for {
			n, from, err := conn.ReadFrom(buf)
			if err != nil {
				return
			}
			_, _ = conn.WriteTo(d.reply(buf[:n], answer), from)
		}
	}()
	return d
}

// reply answers a query (RFC 1035, 4) with one question.
func (d *dns) reply(query []byte, answer func(string, int) string) []byte {
	name, at := "", 12
	for query[at] != 0 {
		name += string(query[at+1:at+1+int(query[at])]) + "."
		at += 1 + int(query[at])
	}
	end := at + 5
	var addresses []string
	if binary.BigEndian.Uint16(query[at+1:]) == 1 { // A
		d.mu.Lock()
		d.looks[name]++
		addresses = strings.Fields(answer(name, d.looks[name]))
		d.mu.Unlock()
	}
	reply := append([]byte{}, query[:end]...)
	binary.BigEndian.PutUint16(reply[2:], 0x8180)
	if len(addresses) == 0 && answer(name, 0) == "" {
		binary.BigEndian.PutUint16(reply[2:], 0x8183) // no such name
	}
	binary.BigEndian.PutUint16(reply[6:], uint16(len(addresses)))
	binary.BigEndian.PutUint16(reply[8:], 0)
	binary.BigEndian.PutUint16(reply[10:], 0)
	for _, a := range addresses {
		v4 := netip.MustParseAddr(a).As4()
		reply = append(reply, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4)
		reply = append(reply, v4[:]...)
	}
	return reply
}
