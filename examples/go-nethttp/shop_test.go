package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

type sent struct {
	Event      string
	Uuid       string
	DistinctId string `json:"distinct_id"`
	Timestamp  time.Time
	Properties map[string]any
}

// listener stands in for PostHog and keeps what arrives.
type listener struct {
	*httptest.Server
	mu     sync.Mutex
	events []sent
}

func listen(t *testing.T) *listener {
	l := &listener{}
	l.Server = httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var body struct{ Batch []sent }
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			t.Error(err)
		}
		l.mu.Lock()
		defer l.mu.Unlock()
		l.events = append(l.events, body.Batch...)
	}))
	t.Cleanup(l.Close)
	return l
}

// client calls the shop without a network, and keeps its session.
type client struct {
	t       *testing.T
	handler http.Handler
	session string
}

func (c *client) call(method, path, body string, want int) map[string]map[string]string {
	c.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("X-Posthog-Distinct-Id", "visitor-1")
	r.Header.Set("X-Posthog-Session-Id", "session-1")
	r.Header.Set("Cookie", sessionCookie+"="+c.session)
	w := httptest.NewRecorder()
	c.handler.ServeHTTP(w, r)
	for _, cookie := range w.Result().Cookies() {
		c.session = cookie.Value
	}
	if w.Code != want {
		c.t.Errorf("%s %s: got %d, want %d", method, path, w.Code, want)
	}
	var answer map[string]map[string]string
	json.Unmarshal(w.Body.Bytes(), &answer) // not every answer has this shape
	return answer
}

const ada = `{"email":"ada@hangar.example","password":"correct horse"}`

func TestEachMomentIsCapturedOnceForTheRightPerson(t *testing.T) {
	l := listen(t)
	a, err := newAnalytics(config{posthogToken: "phc_test", posthogHost: l.URL})
	if err != nil {
		t.Fatal(err)
	}
	c := &client{t: t, handler: server{a, newShop()}.handler()}

	c.call("GET", "/kits/dart", "", 200)
	c.call("POST", "/login", `{"email":"ada@hangar.example","password":"wrong"}`, 401)
	user := c.call("POST", "/signup", ada, 201)["user"]["id"]
	order := c.call("POST", "/orders", `{"kit":"dart"}`, 201)["order"]["id"]
	payment := `{"order_id":"` + order + `","paid_at":"2026-11-20T10:00:00Z"}`
	c.call("POST", "/webhooks/payments", payment, 204)
	c.call("POST", "/webhooks/payments", payment, 204)
	c.call("POST", "/orders", `{"kit":"dart","card":"declined"}`, 402)
	c.call("POST", "/orders", `{"kit":"albatross"}`, 500)
	c.call("POST", "/logout", "", 204)
	c.call("POST", "/orders", `{"kit":"dart"}`, 401)
	c.call("POST", "/login", ada, 200)
	a.close(3 * time.Second)

	var got []string
	for _, e := range l.events {
		got = append(got, e.Event+" "+e.DistinctId)
		if e.Event == eventOrderPlaced && (e.Uuid != order || !e.Timestamp.Equal(time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC))) {
			t.Errorf("order_placed: uuid %s at %s would not be recognised as a repetition", e.Uuid, e.Timestamp)
		}
	}
	// The gateway is an exception; the wrong password, the declined card and the missing session are not.
	want := []string{
		"kit_viewed visitor-1", "user_signed_up " + user, "order_placed " + user, "$exception " + user, "user_logged_in " + user,
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
}

func TestAnErrorTellsItsTypeAndNotWhatItQuotes(t *testing.T) {
	_, quoting := strconv.Atoi("ada@hangar.example")
	joined := errors.Join(quoting)
	for _, c := range []struct {
		err         error
		kind, value string
	}{
		{quoting, "*strconv.NumError", "*strconv.NumError"},
		{fmt.Errorf("order: %w", fmt.Errorf("quantity: %w", quoting)), "*strconv.NumError", "order: quantity: *strconv.NumError"},
		{fmt.Errorf("order: %w", joined), "*errors.joinError", "order: *errors.joinError"},
	} {
		if kind, value := describe(c.err); kind != c.kind || value != c.value {
			t.Errorf("%v: got %q, %q, want %q, %q", c.err, kind, value, c.kind, c.value)
		}
	}
}

func TestAClientThatHangsUpIsNoFault(t *testing.T) {
	l := listen(t)
	a, err := newAnalytics(config{posthogToken: "phc_test", posthogHost: l.URL})
	if err != nil {
		t.Fatal(err)
	}
	for _, gone := range []bool{true, false} {
		ctx, cancel := context.WithCancel(t.Context())
		r := httptest.NewRequestWithContext(ctx, "GET", "/", nil)
		if gone {
			cancel()
		}
		a.answer(func(http.ResponseWriter, *http.Request) error { return context.Canceled })(httptest.NewRecorder(), r)
		cancel()
	}
	a.close(3 * time.Second)
	if len(l.events) != 1 {
		t.Errorf("got %d events, want one: of the call that something else cancelled", len(l.events))
	}
}

func paperJam(http.ResponseWriter, *http.Request) { panic("paper jam") }

func TestPanicIsCapturedWithItsStack(t *testing.T) {
	l := listen(t)
	a, err := newAnalytics(config{posthogToken: "phc_test", posthogHost: l.URL})
	if err != nil {
		t.Fatal(err)
	}
	c := &client{t: t, handler: a.recoverer(http.HandlerFunc(paperJam))}
	c.call("GET", "/", "", 500)
	a.close(3 * time.Second)

	if len(l.events) != 1 || l.events[0].Event != "$exception" {
		t.Fatalf("got %v, want one $exception", l.events)
	}
	var list []struct {
		Stacktrace struct{ Frames []struct{ Function string } }
	}
	data, _ := json.Marshal(l.events[0].Properties["$exception_list"])
	if err := json.Unmarshal(data, &list); err != nil {
		t.Fatal(err)
	}
	frames := list[0].Stacktrace.Frames
	if last := frames[len(frames)-1].Function; !strings.HasSuffix(last, ".paperJam") {
		t.Errorf("the stack ends in %s, not where it happened", last)
	}
}

func TestTheShopRunsWithoutToken(t *testing.T) {
	c := &client{t: t, handler: server{&analytics{}, newShop()}.handler()}
	c.call("POST", "/signup", ada, 201)
	c.call("POST", "/orders", `{"kit":"albatross"}`, 500)
}

func TestATokenWithoutAHostStopsTheStart(t *testing.T) {
	env := map[string]string{"POSTHOG_PROJECT_TOKEN": "phc_test"}
	if _, err := readConfig(func(name string) string { return env[name] }); err == nil || !strings.Contains(err.Error(), "POSTHOG_HOST") {
		t.Errorf("got %v, want an error that names POSTHOG_HOST", err)
	}
	env["POSTHOG_PROJECT_TOKEN"] = " "
	if c, err := readConfig(func(name string) string { return env[name] }); err != nil || c.posthogToken != "" {
		t.Errorf("got %+v, %v: a blank token is none", c, err)
	}
}
