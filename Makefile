# `make` lists what there is to make. CI runs `make test` and `make faults`.
#
# Go decides what is out of date, so no target names its sources. What is built
# goes to bin and web/build, which git ignores.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

# One set of build flags for every step, so that each finds in Go's cache what
# another has built: on a fresh machine that is minutes. Only the race detector
# takes cgo, and so builds all of its own.
export GOFLAGS := $(strip $(shell go env GOFLAGS) -trimpath)
export CGO_ENABLED := 0

# Outside a git checkout, and without git, a build is called dev.
VERSION = $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)

# Brotli's best quality takes 15 s for the page and saves a seventh over 5.
QUALITY ?= 11
# TRIM=0 builds the page with go-app as it is, a third larger: see web/trim.
TRIM ?= 1
TRIMMED := $(filter-out 0,$(TRIM))
# LINES=1 leaves in what traces in the browser's console name files and lines by,
# a twelfth of the packed page: see web/strip.
LINES ?= 0
LINED := $(filter-out 0,$(LINES))
# The page may not outgrow this many bytes, measured at the best quality only.
BUDGET := $(if $(TRIMMED),$(if $(LINED),1340000,1220000),1600000)
PORT ?= 8000
FUZZTIME ?= 10s
SOAK ?= 10m
CHAOS ?= 5m
# The race detector needs a C compiler. `make test` says so if there is none.
RACE ?= -race
# What looks at pages for people who cannot see them comes from npm. Likewise.
AXE ?= 1

# The page's half is checked on both platforms; everything else is native.
PAGE := ./app/... ./shared/...
JS := GOOS=js GOARCH=wasm
# Tests of the browsers themselves, which run there too.
BROWSER_TESTS := ./e2e/behaviour ./e2e/wasmexec/script ./web/trim/standin/uuid
# Each wait in a test has a limit of its own, with the name of what did not happen.
# This one is for what none of them covers; go test then names the tests that run.
# No machine that is merely busy comes near it.
GUARD := 45m
# Tests that build programs, or drive a browser, have targets of their own.
RULES := ./e2e/layout ./e2e/refuse ./e2e/behaviour
UNIT = $$(go list ./... | grep -Ev '/e2e(/|$$)')
BROWSED = $$(go list ./e2e/... | grep -v -e /layout$$ -e /refuse$$ -e /behaviour$$)

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

.PHONY: build
build: page ## bin/seaway, the whole product in one file
	go build -ldflags '-s -w -X main.version=$(VERSION)' -o bin/seaway ./server

# Without a version in it, the page changes only when its sources do, and what
# browsers have cached stays good.
.PHONY: page
page: ## web/build/app.wasm, packed for every browser (TRIM=0: with all of go-app; LINES=1: traces with lines)
	$(if $(TRIMMED),go run ./web/trim -o bin/goapp ./app)
	$(JS) go build $(if $(TRIMMED),-modfile=bin/goapp/page.mod) -buildvcs=false -ldflags '-s -w' -o bin/app.wasm ./app
	$(if $(LINED),cp bin/app.wasm web/build/,go run ./web/strip bin/app.wasm)
	go run ./web/pack -quality $(QUALITY) $(if $(filter 11,$(QUALITY)),-max-brotli $(BUDGET))

.PHONY: serve
serve: ## build in a hurry and run on http://localhost:8000 (PORT=8000)
	@$(MAKE) --no-print-directory build QUALITY=5 LINES=1
	exec bin/seaway -addr :$(PORT)

.PHONY: dev
dev: ## serve http://localhost:8000, and build and reload on each save (PORT=8000)
	go run ./web/dev -addr :$(PORT) -skip bin,data,e2e

.PHONY: new
new: ## a project of your own: make new NAME=example.com/me/app DIR=../app
	@go run ./web/new '$(NAME)' '$(DIR)'

.PHONY: test
test: ## everything that must pass, in CI and before a commit
	@.ci/steps lint unit rules build wasmtest e2e

.PHONY: lint
lint: bin/staticcheck ## formatting, vet and staticcheck, native and wasm
	@out=$$(gofmt -l app server shared web e2e); test -z "$$out" || { echo "not formatted, run make fmt:"; echo "$$out"; exit 1; }
	go vet ./...
	$(JS) go vet $(PAGE) $(BROWSER_TESTS)
	bin/staticcheck ./...
	$(JS) bin/staticcheck $(PAGE) $(BROWSER_TESTS)

# `go tool staticcheck` with GOOS=js would build the tool itself for js.
.PHONY: bin/staticcheck
bin/staticcheck:
	@go build -o $@ honnef.co/go/tools/cmd/staticcheck

.PHONY: fmt
fmt: ## format the code
	gofmt -w app server shared web e2e

.PHONY: unit
unit: ## the tests of every package, with the race detector
	$(if $(RACE),CGO_ENABLED=1) go test $(RACE) -shuffle=on -timeout $(GUARD) $(UNIT)

# Go's test cache does not see what a go command started by a test reads.
.PHONY: rules
rules: ## who may import whom, and what must not compile
	go test -count=1 -timeout $(GUARD) $(RULES)

# Examples and the seeds of fuzz targets need files, which a browser has not.
.PHONY: wasmtest
wasmtest: browser ## the page's tests in Chromium and Firefox (BROWSER=chromium)
	go build -o bin/wasmexec ./e2e/wasmexec
	$(JS) go test -run '^Test' -timeout $(GUARD) -exec '$(CURDIR)/bin/wasmexec$(if $(BROWSER),, -both)' $(PAGE) $(BROWSER_TESTS)

.PHONY: e2e
e2e: browser build $(if $(AXE),axe) ## the product in real browsers
	SEAWAY_BIN='$(CURDIR)/bin/seaway' go test -count=1 -timeout $(GUARD) $(if $(AXE),,-skip '^TestAccessib') $(BROWSED)

# A module of its own, as the benchmark is: other makers' clients and servers are
# never in the kit's. As root it also makes network namespaces and other users.
.PHONY: faults
faults: bin/nats-server faulty ## kills, lost networks, dead nodes, other makers' clients (15 min)
	@$(MAKE) --no-print-directory build QUALITY=5
	cd e2e/faults && go vet ./...
	cd e2e/faults && SEAWAY_BIN='$(CURDIR)/bin/seaway' NATS_BIN='$(CURDIR)/bin/nats-server' go test -count=1 -timeout 40m ./...

.PHONY: faulty
faulty:
	@e2e/faults/install.sh

.PHONY: bin/nats-server
bin/nats-server:
	cd e2e/faults && go build -o ../../bin/nats-server github.com/nats-io/nats-server/v2

.PHONY: axe
axe:
	@e2e/axe.sh

.PHONY: pictures
pictures: e2e ## README's pictures, from the tests'
	cd e2e/out && cp messages.png inbox.png ../../.github/
	cp e2e/out/page-dashboard-desk-dark.png .github/dashboard.png
	cp e2e/out/page-messages-phone-dark.png .github/phone.png
	cp e2e/out/compare-1280-light.png .github/compare.png

.PHONY: browser
browser: ## install Chromium and Firefox if they are not there
	@e2e/browser.sh

# The rivals have a module of their own, so that none of their libraries is ever
# in the kit's. It is tested first: a measure that cannot see a loss is none.
.PHONY: bench
bench: compare ## measure against other servers, then every package's benchmarks (5 min)
	cd e2e/bench && go vet ./... && go test ./...
	bin/compare -out e2e/bench/results
	go test -run '^$$' -bench . -benchmem -benchtime 300ms $(UNIT) | grep -v -e '^ok' -e '^PASS' -e 'no test files'

# The benchmark needs a server, not the page at its smallest.
.PHONY: compare
compare:
	@$(MAKE) --no-print-directory build QUALITY=5
	cd e2e/bench && go build -trimpath -o ../../bin/compare . && go build -trimpath -o ../../bin/ ./rival ./soak ./chaos

# The checkers are tested first, as above. SEED=n repeats chaos with its schedule.
.PHONY: soak
soak: compare ## streams that come, go and stall, then a server killed at random: nothing may be lost (SOAK=10m CHAOS=5m)
	cd e2e/bench && go vet ./soak ./chaos ./process && go test ./soak ./chaos ./load
	bin/soak -for $(SOAK)
	bin/chaos -for $(CHAOS) $(if $(SEED),-seed $(SEED))

.PHONY: fuzz
fuzz: ## fuzz each target a little (FUZZTIME=10s)
	@FUZZTIME=$(FUZZTIME) .ci/fuzz

.PHONY: clean
clean: ## remove what was built
	rm -rf bin web/build/app.wasm*
