package fetch

import (
	"compress/flate"
	"compress/gzip"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// failure is one exchange that did not give an answer, with what the next try depends on.
type failure struct {
	fault     Fault
	again     bool          // another try may end better
	slow      bool          // it took the whole time that one answer has
	throttled bool          // the server asks for less: the whole host waits
	after     time.Duration // what Retry-After asks for; 0: nothing
}

// statusFailure is what an answer other than 200, a redirect or an expected 304 means.
func (c *Client) statusFailure(res *http.Response, host string) *failure {
	code := res.StatusCode
	f := &failure{
		fault:     Fault{Kind: FaultStatus, Status: code, Message: "answers " + statusInWords(code)},
		again:     code == http.StatusTooManyRequests || code >= 500,
		throttled: code == http.StatusTooManyRequests || code == http.StatusServiceUnavailable,
	}
	if f.again {
		f.after = retryAfter(res.Header.Get("Retry-After"), c.now())
		f.throttled = f.throttled || f.after > 0
	}
	f.fault.Hint = statusHint(code, host)
	if code == http.StatusNotModified {
		f.fault.Message += " to a request without a condition"
	}
	return f
}

// statusInWords names a status with our own words: what the server wrote beside the number is its text.
func statusInWords(code int) string {
	return strings.TrimSpace(strconv.Itoa(code) + " " + http.StatusText(code))
}

func statusHint(code int, host string) string {
	switch {
	case code == http.StatusUnauthorized || code == http.StatusForbidden:
		return "the page wants a login: set header_env for fetch.hosts." + host + " in skillgen.yaml, or name another page"
	case code == http.StatusNotFound || code == http.StatusGone:
		return "the page is not there: look for its new address, and name that one"
	case code == http.StatusTooManyRequests:
		return "fetch later, or set a lower concurrency for fetch.hosts." + host + " in skillgen.yaml"
	case code >= 500:
		return "the website has a fault of its own: fetch later"
	}
	return "look at the address in a browser"
}

// networkFailure says in our own words why there was no answer, or only a part of one. Words of the library, which hold those of the server,
// are quoted where nothing else is known, and never those of a host that has headers of its own: of a value that comes back in pieces, no
// piece could be told from other text.
func (c *Client) networkFailure(ctx context.Context, err error, h *host) *failure {
	var refused *addressRefused
	var resolving *net.DNSError
	var untrusted *tls.CertificateVerificationError
	var notTLS tls.RecordHeaderError
	text := err.Error()
	switch {
	case errors.As(err, &refused):
		return &failure{fault: Fault{Kind: FaultAddress, Message: "leads to an address that no public website has: " + refused.Error(),
			Hint: "--allow-private fetches from inside your own network"}}
	case strings.Contains(text, "response headers exceeded"), strings.Contains(text, "header list larger"):
		return &failure{fault: Fault{Kind: FaultSize, Message: "the header of the answer is larger than " + bytesInWords(maxHeaderBytes),
			Hint: "tell those who run the website"}}
	case errors.As(err, &untrusted):
		return broken(false, "the certificate is not accepted: "+untrusted.Err.Error(), "look at the address in a browser; a certificate of your own must be known to this machine")
	case errors.As(err, &notTLS), strings.Contains(text, "server gave HTTP response to HTTPS client"):
		return broken(false, "the server speaks no TLS at this port", "check the port, or whether the address starts with http:")
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return slow(fmt.Sprintf("no whole answer within %s", c.timeout))
	case errors.As(err, &resolving) && resolving.IsNotFound:
		return broken(false, "the host is not known (DNS)", "check the spelling of the host")
	case errors.As(err, &resolving):
		return broken(true, "the host's address can't be found out (DNS): "+resolving.Err, hintNetwork)
	case errors.Is(err, syscall.ECONNREFUSED):
		return broken(true, "the connection is refused", hintNetwork)
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return broken(true, "the server broke the connection off", hintLater)
	case isTimeout(err):
		return slow(fmt.Sprintf("no connection within %s", connectTimeout))
	case isGzipError(err):
		return broken(true, "the body is no valid gzip, as its header says it is", hintLater)
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return broken(true, "the answer breaks off before its end", hintLater)
	}
	if len(h.headers) > 0 {
		text = "it breaks the rules of HTTP"
	}
	return broken(true, "no usable answer: "+text, hintNetwork)
}

const (
	hintNetwork = "check the address and the network; skillgen connects directly, without a proxy"
	hintLater   = "fetch later; if it stays so, tell those who run the website"
)

func broken(again bool, message, hint string) *failure {
	return &failure{again: again, fault: Fault{Kind: FaultNetwork, Message: message, Hint: hint}}
}

func slow(message string) *failure {
	f := broken(true, message, hintNetwork)
	f.slow = true
	return f
}

func isTimeout(err error) bool {
	var timed net.Error
	return errors.As(err, &timed) && timed.Timeout()
}

func isGzipError(err error) bool {
	var corrupt flate.CorruptInputError
	return errors.Is(err, gzip.ErrHeader) || errors.Is(err, gzip.ErrChecksum) || errors.As(err, &corrupt)
}
