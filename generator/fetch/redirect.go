package fetch

import (
	"net/http"
	"net/url"
	"strconv"
)

// redirects reports whether an answer of this status leads to another address.
func redirects(status int) bool {
	switch status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	}
	return false
}

// trail is the way from the address that was asked for to the one that answers.
type trail struct {
	mayLead func(host string) bool
	seen    []*url.URL // in order, the address that was asked for first
}

// follow returns where an answer from u leads.
func (t *trail) follow(u *url.URL, status int, location string) (*url.URL, *Fault) {
	fault := func(to, message, hint string) (*url.URL, *Fault) {
		return nil, &Fault{Kind: FaultRedirect, Location: to, Message: message, Hint: hint}
	}
	if location == "" {
		return fault("", "answers "+strconv.Itoa(status)+", a redirect, without saying where to", "tell those who run the website")
	}
	ref, err := url.Parse(location)
	if err != nil {
		return fault(location, "redirects to "+location+", which is no address", "tell those who run the website")
	}
	next, err := checkURL(u.ResolveReference(ref).String())
	if err != nil {
		return fault(location, "redirects to "+location+", which is not followed: "+err.Error(), "tell those who run the website")
	}
	to := next.String()
	switch {
	case u.Scheme == "https" && next.Scheme == "http":
		return fault(to, "redirects from https to http: "+to, "name the https address of the page, if it has one")
	case !t.mayLead(next.Host):
		return fault(to, "redirects to another host: "+to,
			"name that address instead, or list its host under fetch.hosts."+t.seen[0].Host+".allow in skillgen.yaml")
	case t.passed(to):
		return fault(to, "redirects in a circle: "+to+" comes up again", "look at the page in a browser, and name the address that it ends at")
	case len(t.seen) > maxRedirects:
		return fault(to, "redirects more than "+strconv.Itoa(maxRedirects)+" times, at last to "+to, "name the address at which it ends")
	}
	return next, nil
}

func (t *trail) passed(to string) bool {
	for _, u := range t.seen {
		if u.String() == to {
			return true
		}
	}
	return false
}

// explain adds to a fault at which address it happened, where that is not the one asked for.
func (t *trail) explain(f *Fault) *Fault {
	if len(t.seen) < 2 {
		return f
	}
	at := t.seen[len(t.seen)-1].String()
	further := *f
	further.Location = at
	further.Message = "redirects to " + at + ", which fails: " + f.Message
	return &further
}
