// Hangar sells paper-airplane kits.
package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	ctx, cancel := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer cancel()
	if err := run(ctx, os.Getenv); err != nil {
		slog.Error("hangar", "err", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, getenv func(string) string) error {
	c, err := readConfig(getenv)
	if err != nil {
		return err
	}
	a, err := newAnalytics(c)
	if err != nil {
		return err
	}
	srv := &http.Server{
		Addr:              ":" + c.port,
		Handler:           server{a, newShop()}.handler(),
		ReadHeaderTimeout: 5 * time.Second,
	}
	failed := make(chan error, 1)
	go func() { failed <- srv.ListenAndServe() }()
	slog.Info("hangar", "port", c.port, "analytics", c.posthogToken != "")

	select {
	case err = <-failed:
	case <-ctx.Done():
		// Ten seconds until the platform kills the process: six for open requests, three for the events that they left behind.
		limit, cancel := context.WithTimeout(context.Background(), 6*time.Second)
		defer cancel()
		err = srv.Shutdown(limit)
	}
	a.close(3 * time.Second)
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}
