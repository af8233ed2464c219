// Smoke goes through a running shop once, as a browser with posthog-js would, to see its events arrive wherever
// POSTHOG_HOST points.
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"net/http/cookiejar"
	"os"
	"strings"
)

func main() {
	port := os.Getenv("PORT")
	if port == "" {
		port = "3000"
	}
	jar, _ := cookiejar.New(nil) // never fails
	b := browser{"http://127.0.0.1:" + port, &http.Client{Jar: jar}}
	ada := `{"email":"ada@hangar.example","password":"correct horse"}`

	b.call("GET", "/kits/dart", "")
	b.call("POST", "/signup", ada)
	o := b.call("POST", "/orders", `{"kit":"dart"}`)
	payment := fmt.Sprintf(`{"order_id":%q,"paid_at":"2026-11-20T10:00:00Z"}`, o.Order.ID)
	b.call("POST", "/webhooks/payments", payment)
	b.call("POST", "/webhooks/payments", payment) // delivered twice
	b.call("POST", "/orders", `{"kit":"albatross"}`)
	b.call("POST", "/logout", "")
	b.call("POST", "/orders", `{"kit":"dart"}`)
	b.call("POST", "/login", ada)
}

type browser struct {
	base   string
	client *http.Client
}

type answer struct{ Order struct{ ID string } }

func (b browser) call(method, path, body string) (a answer) {
	req, err := http.NewRequest(method, b.base+path, strings.NewReader(body))
	if err != nil {
		log.Fatal(err)
	}
	req.Header.Set("X-Posthog-Distinct-Id", "visitor-1")
	req.Header.Set("X-Posthog-Session-Id", "session-1")
	res, err := b.client.Do(req)
	if err != nil {
		log.Fatal(err)
	}
	defer res.Body.Close()
	fmt.Println(res.StatusCode, method, path)
	json.NewDecoder(res.Body).Decode(&a) // most answers hold no order
	return a
}
