# make            build the binary, and compile this repository's skills into dist/
# make test       all tests, offline once modules are there
# make bench      whole-command and room benchmarks; figures stand in generator/README.md
# make fuzz       every fuzz target, one after another (FUZZTIME each, 60s by default)
# make lint       gofmt, go vet

FUZZTIME ?= 60s
GO       ?= go

.PHONY: all binary test bench fuzz lint clean

all: binary
	./skillgen build

binary:
	$(GO) build -trimpath -o skillgen ./cmd/skillgen

test:
	$(GO) test ./...

bench:
	$(GO) test -run '^$$' -bench . -benchtime 3x -timeout 30m ./cmd/skillgen
	$(GO) test -run '^$$' -bench . -benchmem -timeout 30m ./generator/...

fuzz:
	@for dir in $$($(GO) list -f '{{.Dir}}' ./...); do \
		for target in $$(grep -hoE '^func Fuzz[A-Za-z0-9_]*' $$dir/*_test.go 2>/dev/null | sed 's/^func //' | sort -u); do \
			echo "$$target ($$dir)"; \
			(cd $$dir && $(GO) test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) .) || exit 1; \
		done; \
	done

lint:
	@bad=$$(gofmt -l cmd generator templates); if [ -n "$$bad" ]; then echo "gofmt would change:"; echo "$$bad"; exit 1; fi
	$(GO) vet ./...

clean:
	rm -f skillgen
	find dist -mindepth 1 ! -name .gitkeep -delete
