# make            build the binary, and compile this repository's skills into dist/
# make test       all tests, offline once modules are there
# make binaries   build/skillgen-OS-ARCH for TARGETS (all six), and SHA256SUMS; VERSION=1.4.0; one commit and one version give the same bytes anywhere
# make bench      whole-command and room benchmarks; figures stand in generator/README.md
# make acceptance gives releases to the tools that people have (Claude Code, skills, Gemini CLI; downloaded once, 650 MB), and prints a table
# make fuzz       every fuzz target, one after another (FUZZTIME each, 60s by default)
# make lint       gofmt, go vet

FUZZTIME ?= 60s
GO       ?= go
BUILD    ?= build
VERSION  ?= 0.0.0-dev
TARGETS  ?= linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64 windows/arm64

.PHONY: all binary binaries test acceptance bench fuzz lint clean

all: binary
	./skillgen build

binary:
	$(GO) build -trimpath -o skillgen ./cmd/skillgen

# What could change the bytes is set here: the toolchain of go.mod, not a newer one at hand; the commit by name, because what go stamps
# by itself depends on how much of the history was cloned.
binaries: export GOTOOLCHAIN := $(shell sed -n 's/^toolchain //p' go.mod)
binaries: export GOFLAGS := -buildvcs=false
binaries: export GOWORK := off
binaries: export CGO_ENABLED := 0
binaries: export GOAMD64 := v1
binaries: export GOARM64 := v8.0
binaries:
	@mkdir -p "$(BUILD)"
	@rm -f "$(BUILD)"/skillgen-* "$(BUILD)/SHA256SUMS"
	@set -e; \
	commit=$$(git rev-parse --verify --quiet HEAD || true); \
	if [ -n "$$commit" ] && [ -n "$$(git status --porcelain)" ]; then commit="$$commit+dirty"; fi; \
	for target in $(TARGETS); do \
		name=skillgen-$${target%/*}-$${target#*/}; \
		case $$target in windows/*) name=$$name.exe ;; esac; \
		echo "$(BUILD)/$$name"; \
		GOOS=$${target%/*} GOARCH=$${target#*/} $(GO) build -trimpath -ldflags "-s -w -buildid= -X main.version=$(VERSION) -X main.commit=$$commit" -o "$(BUILD)/$$name" ./cmd/skillgen; \
	done; \
	cd "$(BUILD)"; \
	if command -v sha256sum >/dev/null; then LC_ALL=C sha256sum skillgen-*; else LC_ALL=C shasum -a 256 skillgen-*; fi >SHA256SUMS

test:
	$(GO) test ./...

acceptance:
	GO="$(GO)" .ci/acceptance

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
