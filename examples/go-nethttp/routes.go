package main

import (
	"net/http"
	"time"

	"github.com/posthog/posthog-go"
)

const sessionCookie = "hangar_session"

// server is the shop with its routes.
type server struct {
	*analytics
	*shop
}

func (s server) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("GET /kits/{slug}", s.answer(s.viewKit))
	mux.HandleFunc("POST /signup", s.answer(s.enter(eventUserSignedUp, http.StatusCreated)))
	mux.HandleFunc("POST /login", s.answer(s.enter(eventUserLoggedIn, http.StatusOK)))
	mux.HandleFunc("POST /logout", s.answer(s.leave))
	mux.HandleFunc("POST /orders", s.answer(s.order))
	mux.HandleFunc("POST /webhooks/payments", s.answer(s.paid))
	// The visitor goes outside the recoverer: WithContext makes a new request, and whoever holds the old one sees neither the
	// visitor nor the r.Pattern that the mux fills in.
	return s.withVisitor(s.recoverer(mux))
}

func (s server) viewKit(w http.ResponseWriter, r *http.Request) error {
	k, err := findKit(r.PathValue("slug"))
	if err != nil {
		return err
	}
	s.capture(visitorOf(r), eventKitViewed, posthog.NewProperties().Set("kit", k.Slug).Set("price_cents", k.PriceCents))
	writeJSON(w, http.StatusOK, map[string]any{"kit": k})
	return nil
}

// enter signs up or logs in. Identity: the answer tells the browser the user's id, and it calls posthog.identify(user.id),
// which also joins the anonymous visit to the user. Captured after success only.
func (s server) enter(event string, status int) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		var body struct{ Email, Password string }
		if err := readJSON(w, r, &body); err != nil {
			return err
		}
		token, userID, err := s.openSession(body.Email, body.Password)
		if err != nil {
			return err
		}
		http.SetCookie(w, cookie(token, 0))
		v := visitorOf(r)
		v.userID = userID
		s.capture(v, event, posthog.NewProperties().Set("method", "password"))
		writeJSON(w, status, map[string]any{"user": map[string]string{"id": userID}})
		return nil
	}
}

// leave logs out. The browser calls posthog.reset() when it succeeds, so that the machine's next visitor is a new one.
func (s server) leave(w http.ResponseWriter, r *http.Request) error {
	if c, err := r.Cookie(sessionCookie); err == nil {
		s.closeSession(c.Value)
	}
	http.SetCookie(w, cookie("", -1))
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (s server) order(w http.ResponseWriter, r *http.Request) error {
	v := visitorOf(r)
	if v.userID == "" {
		return expected(http.StatusUnauthorized, "log in first")
	}
	var body struct{ Kit, Card string }
	if err := readJSON(w, r, &body); err != nil {
		return err
	}
	k, err := findKit(body.Kit)
	if err != nil {
		return err
	}
	o, err := s.place(v.userID, k, body.Card)
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusCreated, map[string]any{"order": map[string]string{"id": o.id, "status": "pending"}})
	return nil
}

// paid is called by the payment provider. A real one signs its calls: verify the signature before believing the body.
func (s server) paid(w http.ResponseWriter, r *http.Request) error {
	var body struct {
		OrderID string    `json:"order_id"`
		PaidAt  time.Time `json:"paid_at"`
	}
	if err := readJSON(w, r, &body); err != nil {
		return err
	}
	o, first, err := s.pay(body.OrderID)
	if err != nil {
		return err
	}
	// Providers deliver more than once. The first line of defence is the order, the second the event's id and time.
	// The person is the buyer, not the caller.
	if first {
		s.captureOnce(visitor{userID: o.userID}, eventOrderPlaced,
			posthog.NewProperties().Set("order_id", o.id).Set("kit", o.kit.Slug).Set("amount_cents", o.kit.PriceCents),
			o.id, body.PaidAt)
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func cookie(value string, maxAge int) *http.Cookie {
	return &http.Cookie{
		Name: sessionCookie, Value: value, MaxAge: maxAge, Path: "/",
		HttpOnly: true, SameSite: http.SameSiteLaxMode, // behind TLS: Secure, too
	}
}
