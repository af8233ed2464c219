package main

// The shop without HTTP. Fake: sessions and orders live in memory, and no money moves.

import (
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"sync"
)

type kit struct {
	Slug       string `json:"slug"`
	Name       string `json:"name"`
	PriceCents int    `json:"price_cents"`
}

type order struct {
	id     string // a UUID, so that it can name the one event that the order causes
	userID string
	kit    kit
	paid   bool
}

type shop struct {
	mu       sync.Mutex
	sessions map[string]string // token → user id
	orders   map[string]*order
}

func newShop() *shop { return &shop{sessions: map[string]string{}, orders: map[string]*order{}} }

var kits = []kit{{"dart", "Dart", 900}, {"swallow", "Swallow", 1900}, {"albatross", "Albatross", 4900}}

func findKit(slug string) (kit, error) {
	for _, k := range kits {
		if k.Slug == slug {
			return k, nil
		}
	}
	return kit{}, expected(404, "no such kit")
}

// openSession lets in any address with a password of eight characters. The user's stable id is derived from the
// address here; in a real app it is the primary key.
func (s *shop) openSession(email, password string) (token, userID string, err error) {
	if !strings.Contains(email, "@") {
		return "", "", expected(400, "email is missing")
	}
	if len(password) < 8 {
		return "", "", expected(401, "wrong e-mail or password")
	}
	token = rand.Text()
	userID = fmt.Sprintf("usr_%x", sha256.Sum256([]byte(strings.ToLower(email))))[:16]
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sessions[token] = userID
	return token, userID, nil
}

func (s *shop) user(token string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sessions[token]
}

func (s *shop) closeSession(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.sessions, token)
}

// place starts a payment. The provider reports its success later, through the webhook.
func (s *shop) place(userID string, k kit, card string) (*order, error) {
	if card == "declined" {
		return nil, expected(402, "the card was declined")
	}
	if k.Slug == "albatross" { // the checkout that can fail
		return nil, fmt.Errorf("charge %d cents: %w", k.PriceCents, errors.New("payment gateway: connection reset"))
	}
	o := &order{id: newUUID(), userID: userID, kit: k}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.orders[o.id] = o
	return o, nil
}

// pay marks an order as paid, and says whether it was this call that did so.
func (s *shop) pay(id string) (o order, first bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok := s.orders[id]
	if !ok {
		return order{}, false, expected(404, "no such order")
	}
	first = !p.paid
	p.paid = true
	return *p, first, nil
}

// newUUID returns a random UUID, version 4.
func newUUID() string {
	var b [16]byte
	rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
