package main

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
)

// A handler returns an error instead of answering with one.
type handler func(w http.ResponseWriter, r *http.Request) error

// httpError is an answer that the client can expect. Every other error is a fault of ours.
type httpError struct {
	status  int
	message string
}

func (e httpError) Error() string { return e.message }

func expected(status int, message string) error { return httpError{status, message} }

// answer runs a handler. Faults are logged and captured; expected answers (401, 404) and clients that hang up are neither.
func (a *analytics) answer(h handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		err := h(w, r)
		if err == nil {
			return
		}
		var e httpError
		if !errors.As(err, &e) {
			if errors.Is(err, context.Canceled) && r.Context().Err() != nil {
				return // the client has gone: no fault, and nobody to answer
			}
			slog.Error("request failed", "route", r.Pattern, "err", err)
			a.captureError(visitorOf(r), err, r.Pattern)
			e = httpError{http.StatusInternalServerError, "something went wrong"}
		}
		writeJSON(w, e.status, map[string]string{"error": e.message})
	}
}

// recoverer turns a panic into a captured exception and a 500. Only one goroutine is covered: the request's own.
func (a *analytics) recoverer(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			p := recover()
			if p == nil {
				return
			}
			if p == http.ErrAbortHandler { // net/http's own way to hang up
				panic(p)
			}
			slog.Error("panic", "route", r.Pattern, "panic", p)
			a.capturePanic(visitorOf(r), p, r.Pattern)
			writeJSON(w, http.StatusInternalServerError, map[string]string{"error": "something went wrong"})
		}()
		next.ServeHTTP(w, r)
	})
}

type visitorKey struct{}

// withVisitor puts the visitor into the request's context: the user from the session cookie, and what posthog-js knows from
// the headers that it adds to requests to this host (its option tracing_headers).
func (s *shop) withVisitor(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := visitor{
			anonID:    r.Header.Get("X-Posthog-Distinct-Id"),
			sessionID: r.Header.Get("X-Posthog-Session-Id"),
		}
		if c, err := r.Cookie(sessionCookie); err == nil {
			v.userID = s.user(c.Value)
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), visitorKey{}, v)))
	})
}

func visitorOf(r *http.Request) visitor {
	v, _ := r.Context().Value(visitorKey{}).(visitor)
	return v
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(body) // the client may be gone; there is nobody to tell
}

func readJSON(w http.ResponseWriter, r *http.Request, into any) error {
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<16)).Decode(into); err != nil {
		return expected(http.StatusBadRequest, "the body is no JSON that fits")
	}
	return nil
}
