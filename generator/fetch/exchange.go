package fetch

import (
	"compress/gzip"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	maxHeaderBytes = 64 << 10 // of an answer
	maxDrained     = 4 << 10  // bytes of a body that nobody wants, read so that the connection can be used again
	gzipOverhead   = 64 << 10 // by how much a body may be larger in gzip than without
)

// newDialer returns what opens the connections of a client.
func newDialer(o ClientOptions) *net.Dialer {
	dialer := &net.Dialer{Timeout: connectTimeout}
	if !o.AllowPrivate {
		dialer.Control = checkDialled
	}
	return dialer
}

// newTransport returns what speaks HTTP over them.
func newTransport(o ClientOptions, dialer *net.Dialer) *http.Transport {
	return &http.Transport{
		Proxy:                  nil, // see Client
		DialContext:            dialer.DialContext,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    connectTimeout,
		ForceAttemptHTTP2:      true,
		DisableCompression:     true, // bodies are decoded here, with their limit
		MaxIdleConnsPerHost:    o.Concurrency,
		IdleConnTimeout:        30 * time.Second,
		MaxResponseHeaderBytes: maxHeaderBytes,
		HTTP2:                  &http.HTTP2Config{SendPingTimeout: 15 * time.Second, PingTimeout: 15 * time.Second},
	}
}

// answer is what a server said: status 200 with its body, 304, or a redirect.
type answer struct {
	status int
	header http.Header
	body   []byte
	url    *url.URL // that answered
	hops   int      // redirects on the way there
}

// exchange sends one request and reads its answer, within the time for one. Redirects and retries are not its business.
func (c *Client) exchange(ctx context.Context, u *url.URL, e errand, h *host) (*answer, *failure) {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, &failure{fault: Fault{Kind: FaultURL, Message: "no request can be made of the address: " + err.Error()}}
	}
	c.setHeaders(req.Header, e, h)
	res, err := c.transport.RoundTrip(req)
	if err != nil {
		return nil, c.networkFailure(ctx, err, h)
	}
	defer res.Body.Close()
	switch {
	case res.StatusCode == http.StatusOK:
		body, err := readBody(res, e.max)
		if err != nil {
			return nil, c.bodyFailure(ctx, err, e.max, h)
		}
		return &answer{status: res.StatusCode, header: res.Header, body: body}, nil
	case redirects(res.StatusCode), res.StatusCode == http.StatusNotModified && (e.etag != "" || e.modified != ""):
		drain(res)
		return &answer{status: res.StatusCode, header: res.Header}, nil
	}
	drain(res)
	return nil, c.statusFailure(res, u.Host)
}

// setHeaders sets the headers of a request; those of the host come before the client's own, those of the request before both.
func (c *Client) setHeaders(to http.Header, e errand, h *host) {
	to.Set("User-Agent", c.userAgent())
	to.Set("Accept-Language", c.options.Language)
	for _, header := range h.headers {
		to.Set(header.name, header.value)
	}
	to.Set("Accept-Encoding", "gzip")
	for name, value := range map[string]string{"Accept": e.accept, "If-None-Match": e.etag, "If-Modified-Since": e.modified} {
		if value != "" {
			to.Set(name, value)
		}
	}
}

func (c *Client) userAgent() string {
	agent := robotsAgent
	if c.options.Version != "" {
		agent += "/" + c.options.Version
	}
	if c.options.Homepage != "" {
		agent += " (+" + c.options.Homepage + ")"
	}
	return agent
}

var (
	errTooLarge = errors.New("too large")
	errEncoding = errors.New("encoding")
)

// readBody returns the decoded body. Bytes are counted while they come: a body that unpacks to more than max stops there. What breaks off
// before its declared end, or before the end of its gzip stream, is an error.
func readBody(res *http.Response, max int64) ([]byte, error) {
	switch encoding := strings.ToLower(strings.Join(res.Header.Values("Content-Encoding"), ",")); encoding {
	case "", "identity":
		if res.ContentLength > max {
			return nil, errTooLarge
		}
		return readUpTo(res.Body, max)
	case "gzip", "x-gzip":
		return readGzip(res.Body, max)
	}
	return nil, errEncoding
}

// readGzip decodes one or more gzip members (RFC 1952, 2.2). The encoded bytes have a limit too: a member may unpack to nothing.
func readGzip(r io.Reader, max int64) ([]byte, error) {
	encoded := &io.LimitedReader{R: r, N: max + gzipOverhead}
	body, err := func() ([]byte, error) {
		z, err := gzip.NewReader(encoded)
		if errors.Is(err, io.EOF) {
			return nil, nil // an empty body, which some servers declare as gzip
		}
		if err != nil {
			return nil, err
		}
		return readUpTo(z, max)
	}()
	if encoded.N <= 0 {
		return nil, errTooLarge
	}
	return body, err
}

func readUpTo(r io.Reader, max int64) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r, max+1))
	if int64(len(body)) > max {
		return nil, errTooLarge
	}
	return body, err
}

// drain reads a short body that nobody wants. A longer one is left: closing it then ends the connection.
func drain(res *http.Response) {
	if res.ContentLength > 0 && res.ContentLength <= maxDrained {
		_, _ = io.CopyN(io.Discard, res.Body, maxDrained) // the outcome stands already
	}
}

// bodyFailure says why a body could not be read.
func (c *Client) bodyFailure(ctx context.Context, err error, max int64, h *host) *failure {
	switch {
	case errors.Is(err, errTooLarge):
		return &failure{fault: Fault{Kind: FaultSize, Message: "the answer is larger than " + bytesInWords(max),
			Hint: "name a smaller page; a site's list of pages may have a page for this part alone"}}
	case errors.Is(err, errEncoding):
		return &failure{fault: Fault{Kind: FaultNetwork, Message: "the body has a Content-Encoding that was not asked for (only gzip was)",
			Hint: "tell those who run the website"}}
	}
	return c.networkFailure(ctx, err, h)
}

func bytesInWords(n int64) string {
	switch {
	case n >= 1<<20 && n%(1<<20) == 0:
		return fmt.Sprintf("%d MiB", n>>20)
	case n >= 1<<10 && n%(1<<10) == 0:
		return fmt.Sprintf("%d KiB", n>>10)
	}
	return fmt.Sprintf("%d bytes", n)
}
