package main

import (
	"fmt"
	"net/url"
	"strings"
)

type config struct {
	port         string
	posthogToken string // empty: analytics is off
	posthogHost  string
}

// readConfig reads and checks the whole environment, once. A wrong value stops the start; a missing token does not.
func readConfig(getenv func(string) string) (config, error) {
	c := config{
		port:         getenv("PORT"),
		posthogToken: strings.TrimSpace(getenv("POSTHOG_PROJECT_TOKEN")),
		// The SDK appends "/batch/" to it as it stands.
		posthogHost: strings.TrimRight(strings.TrimSpace(getenv("POSTHOG_HOST")), "/"),
	}
	if c.port == "" {
		c.port = "3000"
	}
	if c.posthogToken == "" {
		return c, nil
	}
	// No default: a token belongs to one region, and the SDK's own default is a third host.
	if u, err := url.Parse(c.posthogHost); err != nil || u.Host == "" || !strings.HasPrefix(u.Scheme, "http") {
		return c, fmt.Errorf("POSTHOG_HOST must be a URL such as https://eu.i.posthog.com")
	}
	return c, nil
}
