package fetch

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

const (
	robotsAgent    = "skillgen" // the product token that robots.txt may name
	maxRobotsBytes = 64 << 10
)

// origin is one scheme, host and port, with what its robots.txt says.
type origin struct {
	lock  chan struct{} // held by who asks for robots.txt; a channel, so that waiting for it can be cancelled
	asked bool
	rules *robots
	fault *Fault // why nothing of the origin may be fetched
}

// askRobots returns why an address may not be fetched. The robots.txt of each origin is read once in the life of a client.
func (c *Client) askRobots(ctx context.Context, u *url.URL) *Fault {
	at := u.Scheme + "://" + u.Host + "/robots.txt"
	c.mu.Lock()
	o := c.origins[at]
	if o == nil {
		o = &origin{lock: make(chan struct{}, 1)}
		c.origins[at] = o
	}
	c.mu.Unlock()
	select {
	case o.lock <- struct{}{}:
	case <-ctx.Done():
		return cancelled
	}
	defer func() { <-o.lock }()
	if !o.asked {
		rules, fault := c.loadRobots(ctx, at)
		if ctx.Err() != nil {
			return cancelled // the next who asks finds out
		}
		o.rules, o.fault, o.asked = rules, fault, true
		if fault == nil && rules.delay > 0 {
			c.host(u.Host).crawlDelay(rules.delay)
		}
	}
	if o.fault != nil {
		return o.fault
	}
	return o.rules.verdict(u, len(c.host(u.Host).headers) == 0)
}

// loadRobots reads a robots.txt as RFC 9309 has it (2.3.1): redirects are followed, to other hosts too; where there is none (4xx) everything
// is allowed; where it can't be had now (5xx, 429, the network) nothing is.
func (c *Client) loadRobots(ctx context.Context, at string) (*robots, *Fault) {
	u, err := checkURL(at)
	if err != nil {
		return nil, &Fault{Kind: FaultURL, Message: err.Error()}
	}
	e := errand{accept: "text/plain, */*;q=0.5", max: maxRobotsBytes, mayLead: func(string) bool { return true }}
	a, fault := c.run(ctx, u, e)
	if fault == nil {
		return parseRobots(a.body), nil
	}
	blocked := *fault
	switch fault.Kind {
	case FaultRedirect: // no end of it: no robots.txt that can be had (2.3.1.2)
		return &robots{}, nil
	case FaultStatus:
		if s := fault.Status; s == http.StatusNoContent || s >= 400 && s < 500 && s != http.StatusTooManyRequests {
			return &robots{}, nil
		}
		blocked.Kind = FaultRobots
		blocked.Message = "nothing of this website may be fetched while its robots.txt can't be had (RFC 9309): it " + fault.Message
	case FaultSize:
		blocked.Kind = FaultRobots
		blocked.Message = "nothing of this website is fetched, because its robots.txt can't be read whole: " + fault.Message
		blocked.Hint = "keep the pages by hand, without fetch"
	case FaultNetwork, FaultSecret:
		blocked.Message = "the robots.txt of this website can't be had: " + fault.Message
	}
	return nil, &blocked
}

// robots is what a robots.txt says to skillgen.
type robots struct {
	rules []robotsRule
	delay time.Duration // Crawl-delay; 0: none
}

// robotsRule is an Allow or a Disallow.
type robotsRule struct {
	allow  bool
	line   int
	text   string   // as written
	agent  string   // of its group, as written
	octets int      // of its path: the rule with the most wins
	parts  []string // of its path between asterisks
	whole  bool     // the path ends with $
}

// verdict returns why an address may not be fetched: the longest rule that matches its path and query, of two as long the one that allows
// (RFC 9309, 2.2.2). The rule is quoted where the text of the host may be.
func (r *robots) verdict(u *url.URL, quote bool) *Fault {
	if u.EscapedPath() == "/robots.txt" {
		return nil
	}
	target := u.EscapedPath()
	if u.RawQuery != "" || u.ForceQuery {
		target += "?" + u.RawQuery
	}
	target = canonicalPath(target, "")
	var winner *robotsRule
	for i := range r.rules {
		rule := &r.rules[i]
		better := winner == nil || rule.octets > winner.octets || rule.octets == winner.octets && rule.allow && !winner.allow
		if better && rule.matches(target) {
			winner = rule
		}
	}
	if winner == nil || winner.allow {
		return nil
	}
	rule := "the rule in line " + strconv.Itoa(winner.line)
	if quote {
		rule = fmt.Sprintf("%q (line %d, for %s)", winner.text, winner.line, winner.agent)
	}
	return &Fault{Kind: FaultRobots, Message: "robots.txt excludes it: " + rule, Hint: "ask those who run the website, or keep the page by hand"}
}

// matches reports whether a rule's path matches the beginning of a path in canonical form, or the whole where the rule ends with $.
func (r *robotsRule) matches(path string) bool {
	first, rest := r.parts[0], r.parts[1:]
	path, ok := strings.CutPrefix(path, first)
	if !ok {
		return false
	}
	if len(rest) == 0 {
		return !r.whole || path == ""
	}
	last := rest[len(rest)-1]
	for _, part := range rest[:len(rest)-1] {
		i := strings.Index(path, part)
		if i < 0 {
			return false
		}
		path = path[i+len(part):]
	}
	if r.whole {
		return strings.HasSuffix(path, last)
	}
	return strings.Contains(path, last)
}

// parseRobots reads the groups for skillgen, or, where there are none, those for everybody (RFC 9309, 2.2.1). What it does not understand it
// passes over, line by line.
func parseRobots(data []byte) *robots {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	data = bytes.ReplaceAll(bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n")), []byte("\r"), []byte("\n"))
	p := robotsParser{}
	for i, line := range strings.Split(string(data), "\n") {
		line, _, _ = strings.Cut(line, "#")
		if key, value, ok := strings.Cut(line, ":"); ok {
			p.line(i+1, strings.TrimSpace(line), strings.ToLower(strings.TrimSpace(key)), strings.TrimSpace(value))
		}
	}
	if p.named {
		return &p.ours
	}
	return &p.all
}

type robotsParser struct {
	ours, all        robots // of the groups for skillgen, and for everybody
	named            bool   // there is a group for skillgen
	forOurs, forAll  bool   // the group that is being read
	inRules          bool   // it has begun with its rules: a further agent begins another group
	agentOurs, agent string // the agents of the group, as written
}

func (p *robotsParser) line(number int, text, key, value string) {
	switch key {
	case "user-agent", "useragent":
		p.agentLine(value)
	case "allow", "disallow":
		p.inRules = true
		if value != "" {
			p.add(newRobotsRule(number, text, key == "allow", value))
		}
	case "crawl-delay", "crawldelay": // not of RFC 9309, but widely written
		p.inRules = true
		if n, err := strconv.ParseFloat(value, 64); err == nil && n > 0 {
			p.delay(time.Duration(min(n, maxCrawlDelay.Seconds()) * float64(time.Second)))
		}
	}
}

// agentLine reads the name of an agent: letters, hyphens and underscores count, what follows (a version) does not.
func (p *robotsParser) agentLine(value string) {
	if p.inRules {
		p.inRules, p.forOurs, p.forAll = false, false, false
	}
	end := strings.IndexFunc(value, func(r rune) bool { return (r|0x20 < 'a' || r|0x20 > 'z') && r != '-' && r != '_' })
	if end < 0 {
		end = len(value)
	}
	switch {
	case strings.EqualFold(value[:end], robotsAgent):
		p.forOurs, p.named, p.agentOurs = true, true, value
	case value == "*" || strings.HasPrefix(value, "* "):
		p.forAll, p.agent = true, value
	}
}

func (p *robotsParser) add(r robotsRule) {
	if p.forOurs {
		r.agent = p.agentOurs
		p.ours.rules = append(p.ours.rules, r)
	}
	if p.forAll {
		r.agent = p.agent
		p.all.rules = append(p.all.rules, r)
	}
}

func (p *robotsParser) delay(d time.Duration) {
	if p.forOurs {
		p.ours.delay = max(p.ours.delay, d)
	}
	if p.forAll {
		p.all.delay = max(p.all.delay, d)
	}
}

// newRobotsRule reads the path of a rule. One that begins with neither / nor * is meant to begin with /.
func newRobotsRule(line int, text string, allow bool, path string) robotsRule {
	if path[0] != '/' && path[0] != '*' {
		path = "/" + path
	}
	path, whole := strings.CutSuffix(path, "$")
	path = canonicalPath(path, "*")
	r := robotsRule{allow: allow, line: line, text: text, octets: len(path), parts: strings.Split(path, "*"), whole: whole}
	if whole {
		r.octets++
	}
	return r
}

// canonicalPath brings the path of a URL or rule into the form in which they are compared, octet by octet (RFC 9309, 2.2.2): what needs no
// escape has none, all else has one in capitals, and so have * and $ that are not special; special names the characters that are.
func canonicalPath(s, special string) string {
	const upper = "0123456789ABCDEF"
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c, escaped := s[i], false
		if c == '%' && i+2 < len(s) {
			if n, err := strconv.ParseUint(s[i+1:i+3], 16, 8); err == nil {
				c, escaped = byte(n), true
				i += 2
			}
		}
		if plainInPath(c, escaped) || !escaped && strings.IndexByte(special, c) >= 0 {
			b.WriteByte(c)
		} else {
			b.Write([]byte{'%', upper[c>>4], upper[c&15]})
		}
	}
	return b.String()
}

// plainInPath reports whether c stands unescaped in a canonical path: unreserved characters always, reserved ones where they were so.
func plainInPath(c byte, escaped bool) bool {
	switch {
	case c|0x20 >= 'a' && c|0x20 <= 'z', c >= '0' && c <= '9', strings.IndexByte("-._~", c) >= 0:
		return true
	}
	return !escaped && strings.IndexByte("!&'()+,;=:@/?#[]", c) >= 0
}
