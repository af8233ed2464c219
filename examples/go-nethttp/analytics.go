package main

import (
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/posthog/posthog-go"
)

// The shop's events: snake_case, object first, past tense. Amounts are in cents, and no property is personal.
const (
	eventUserSignedUp = "user_signed_up"
	eventUserLoggedIn = "user_logged_in"
	eventKitViewed    = "kit_viewed"
	eventOrderPlaced  = "order_placed"
)

// visitor is the person that an event belongs to.
type visitor struct {
	userID    string // from the session; empty before log-in
	anonID    string // posthog-js's id for the visitor, as the browser sent it. Good for analytics only: anyone can send any
	sessionID string // posthog-js's session
}

// analytics sends events to PostHog. Its zero value is off.
type analytics struct{ client posthog.Client }

func newAnalytics(c config) (*analytics, error) {
	if c.posthogToken == "" {
		// posthog.New("") would work too: it would send everything, be refused, and try each batch ten times.
		return &analytics{}, nil
	}
	client, err := posthog.NewWithConfig(c.posthogToken, posthog.Config{
		Endpoint: c.posthogHost,
		// Without it PostHog takes the server's address for the visitor's place.
		DefaultEventProperties: posthog.NewProperties().Set("$geoip_disable", true),
	})
	if err != nil {
		return nil, fmt.Errorf("posthog client: %w", err)
	}
	return &analytics{client: client}, nil
}

// capture queues an event and returns at once.
func (a *analytics) capture(v visitor, event string, properties posthog.Properties) {
	// A batch whose answer got lost is sent again. posthog-go 1.5.2 gives events no id of their own, so they would count twice.
	a.captureOnce(v, event, properties, newUUID(), time.Now())
}

// captureOnce is capture for what may be captured twice: with the same id and time, name and person it counts once.
func (a *analytics) captureOnce(v visitor, event string, properties posthog.Properties, uuid string, at time.Time) {
	if a.client == nil {
		return
	}
	if v.sessionID != "" {
		properties.Set("$session_id", v.sessionID)
	}
	id := v.userID
	if id == "" {
		// A visitor who never logs in gets no person profile, as in posthog-js.
		properties.Set("$process_person_profile", false)
		id = v.anonID
	}
	if id == "" {
		id = newUUID() // Enqueue refuses an event without a person
	}
	err := a.client.Enqueue(posthog.Capture{Uuid: uuid, DistinctId: id, Event: event, Timestamp: at, Properties: properties})
	if err != nil {
		slog.Error("event not queued", "event", event, "err", err)
	}
}

// captureError reports an error that a handler returned. It has no stack, and all would look alike: group them by route.
func (a *analytics) captureError(v visitor, err error, route string) {
	kind, value := describe(err)
	a.captureException(v, route, map[string]any{
		"type": kind, "value": value,
		"mechanism": map[string]any{"handled": true, "synthetic": false},
	}, posthog.NewProperties().Set("$exception_fingerprint", route+" "+kind))
}

// describe returns the type of the error that fmt.Errorf wrapped, and the message with that type in place of the error's own
// text: strconv, json, url and SQL drivers quote what they were given. The whole text is in the log.
func describe(err error) (kind, value string) {
	cause := err
	for fmt.Sprintf("%T", cause) == "*fmt.wrapError" {
		cause = errors.Unwrap(cause)
	}
	kind = fmt.Sprintf("%T", cause)
	return kind, strings.ReplaceAll(err.Error(), cause.Error(), kind)
}

// capturePanic reports a panic. Call it from the deferred function that recovered: its stack still shows where it happened.
func (a *analytics) capturePanic(v visitor, panicked any, route string) {
	a.captureException(v, route, map[string]any{
		"type": fmt.Sprintf("panic: %T", panicked), "value": fmt.Sprint(panicked),
		"mechanism":  map[string]any{"handled": false, "synthetic": false},
		"stacktrace": map[string]any{"type": "raw", "frames": stack()},
	}, posthog.NewProperties())
}

// captureException makes the event by hand: posthog-go 1.5.2 has no call for it.
func (a *analytics) captureException(v visitor, route string, exception map[string]any, properties posthog.Properties) {
	a.capture(v, "$exception", properties.Set("route", route).Set("$exception_list", []any{exception}))
}

// stack returns the frames of the panic that is being recovered as PostHog wants them: outermost first, where it happened last.
func stack() []any {
	pcs := make([]uintptr, 32)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs)])
	var list []any
	for {
		f, more := frames.Next()
		list = append(list, map[string]any{
			"platform": "custom", "lang": "go", "resolved": true,
			"function": f.Function,
			"filename": f.File, // a path of the build machine, unless built with -trimpath
			"lineno":   f.Line,
			"in_app":   strings.HasPrefix(f.Function, "main."), // other packages of a module start with its path
		})
		if strings.HasPrefix(f.Function, "runtime.") && strings.Contains(strings.ToLower(f.Function), "panic") {
			list = nil // what it called is the recovery, not the fault: all panics would end in the same frame
		}
		if !more {
			slices.Reverse(list)
			return list
		}
	}
}

// close sends what is queued. The client's Close knows no limit of its own: it waits for its requests, up to ten seconds each.
func (a *analytics) close(limit time.Duration) {
	if a.client == nil {
		return
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		a.client.Close()
	}()
	select {
	case <-done:
	case <-time.After(limit):
		slog.Warn("gave up sending the last events", "after", limit)
	}
}
