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
# TRIM=0 builds the page with go-app as it is, a third larger: see web/page.
TRIM ?= 1
TRIMMED := $(filter-out 0,$(TRIM))
# LINES=1 leaves in what traces in the browser's console name files and lines by,
# a twelfth of the packed page: see web/page.
LINES ?= 0
LINED := $(filter-out 0,$(LINES))
# The page may not outgrow this many bytes, measured at the best quality only.
BUDGET := $(if $(TRIMMED),$(if $(LINED),1415000,1300000),1900000)
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
# What else runs there: go-app's random ids, and tests of the browsers themselves.
BROWSER_TESTS := ./web/internal/trim/standin/uuid
BROWSERS := ./behaviour ./interop
# The end-to-end tests are a module of their own, so that what only they need is in
# no user's go.mod. Nothing here uses a go.work: the kit must build without one.
E2E := cd e2e &&
# So are traces, for the same reason. Users require that module if they want it.
TRACING := cd server/tracing &&
# Each wait in a test has a limit of its own, with the name of what did not happen.
# This one is for what none of them covers; go test then names the tests that run.
# No machine that is merely busy comes near it.
GUARD := 45m
# Tests that build programs, or drive a browser, have targets of their own.
RULES := ./layout ./refuse ./behaviour ./interop ./views ./guide
# make faults runs what takes most of a minute each: tests of what is built first, a
# project or another build of the sample, and of clusters and proxies. They are
# known by their names.
SLOW := \w*Project|Build|NodesOn|GuestsOfAllNodes|PresenceOfThreeNodes|BrowsersOnTwoNodes|BufferingProxy|StatesOutlive|WholeRoom|WholeCorpus|OthersInAFlood|PageIsLiveBelowAPrefix|TwelveTabs
# Nor do those that look at all pages, at each size and in each language.
LOOKS := PagesFit|PagesInChinese|PagesAreInOneLanguage|FrontPageLooksWell|Accessib|GuideIsAccessible
CLUSTER := ^TestClusterKeepsThePromises$$
# So are those of wasmexec itself, which start thirty browsers: make wasmtest runs all
# of the page's tests by it.
RUNNER := ./wasmexec
BROWSED = $$(go list ./... | grep -v $(patsubst ./%,-e /%$$,$(RULES) $(RUNNER)))

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

.PHONY: build
build: page guide ## bin/seaway, the whole product in one file
	go build -ldflags '-s -w -X main.version=$(VERSION)' -o bin/seaway ./server

# Without a version in it, the page changes only when its sources do, and what
# browsers have cached stays good.
.PHONY: page
page: ## web/build/app.wasm, packed for every browser (TRIM=0: with all of go-app; LINES=1: traces with lines)
	go run ./web/page $(if $(TRIMMED),,-trim=false) $(if $(LINED),-lines) -quality $(QUALITY) $(if $(filter 11,$(QUALITY)),-max-brotli $(BUDGET)) ./app

# The version is CHANGELOG.md's newest: see e2e/release.
.PHONY: release
release: page guide ## bin/release: archives for Linux and macOS, checksums and bills of materials
	$(E2E) go run ./release -out ../bin/release

# What renders it is a module's of its own: the kit's go.mod has neither goldmark nor
# chroma.
.PHONY: guide
guide: ## the guide, rendered from web/guide for the sample's /guide
	$(E2E) go run ./guide -o ../server/sample/guide/build ../web/guide

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
test: ## what must pass before a commit
	@.ci/steps lint unit rules build wasmtest e2e

.PHONY: lint
lint: bin/staticcheck ## formatting, vet and staticcheck, native and wasm; vet for macOS
	@out=$$(gofmt -l app server shared web e2e); test -z "$$out" || { echo "not formatted, run make fmt:"; echo "$$out"; exit 1; }
	go vet ./...
	GOOS=darwin go vet ./...
	$(JS) go vet $(PAGE) $(BROWSER_TESTS)
	bin/staticcheck ./...
	$(JS) bin/staticcheck $(PAGE) $(BROWSER_TESTS)
	$(E2E) go vet ./... && $(JS) go vet $(BROWSERS)
	$(E2E) ../bin/staticcheck ./... && $(JS) ../bin/staticcheck $(BROWSERS)
	$(TRACING) go vet ./... && ../../bin/staticcheck ./...

# `go tool staticcheck` with GOOS=js would build the tool itself for js.
.PHONY: bin/staticcheck
bin/staticcheck:
	@$(E2E) go build -o ../$@ honnef.co/go/tools/cmd/staticcheck

.PHONY: fmt
fmt: ## format the code
	gofmt -w app server shared web e2e

# The race detector makes the page's random models five times as slow. It gets a
# quarter of their seeds (-short); all of them run without it. The embedded log's tests
# repeat faults less often with -short; make faults does without.
.PHONY: unit
unit: ## the tests of every package, with the race detector
	$(if $(RACE),CGO_ENABLED=1) go test $(if $(RACE),$(RACE) -short) -shuffle=on -timeout $(GUARD) -skip '$(CLUSTER)' ./...
	$(if $(RACE),go test -shuffle=on -timeout $(GUARD) ./app/...)
	$(TRACING) $(if $(RACE),CGO_ENABLED=1) go test $(RACE) -shuffle=on -timeout $(GUARD) ./...

# The server must be one that may be written to: see e2e/conformance for its flags.
URL ?= http://localhost:$(PORT)
.PHONY: conformance
conformance: ## hold a server to WIRE.md (URL=http://localhost:8000)
	@$(E2E) go run ./conformance $(URL)

# Go's test cache does not see what a go command started by a test reads.
.PHONY: rules
rules: ## who may import whom, what must not compile, what other makers read
	$(E2E) go test -count=1 -timeout $(GUARD) $(RULES)

# Examples and the seeds of fuzz targets need files, which a browser has not: a
# package with no tests beside them is not built. All packages share a browser of
# each make, by wasmexec: to start one takes seconds.
IN_BROWSERS = -run '^Test' -timeout $(GUARD) -exec '$(CURDIR)/bin/wasmexec$(if $(BROWSER),, -both)'
TEST_FILES := {{range $$_, $$f := .TestGoFiles}}{{$$.ImportPath}} {{$$.Dir}}/{{$$f}}{{"\n"}}{{end}}
TEST_FILES := $(TEST_FILES)$(subst .TestGoFiles,.XTestGoFiles,$(TEST_FILES))
TESTED = $$($(JS) go list -f '$(TEST_FILES)' $(PAGE) $(BROWSER_TESTS) | \
	while read -r package file; do if [[ $$file ]] && grep -q '^func Test.*testing.T)' $$file; then echo $$package; fi; done | sort -u)
.PHONY: wasmtest
wasmtest: browser ## the page's tests in Chromium and Firefox (BROWSER=chromium)
	$(E2E) go build -o ../bin/wasmexec ./wasmexec
	bin/wasmexec -keep $(MAKE) --no-print-directory in-browsers

.PHONY: in-browsers
in-browsers:
	$(JS) go test $(IN_BROWSERS) $(TESTED)
	$(E2E) $(JS) go test $(IN_BROWSERS) $(BROWSERS)

.PHONY: e2e
e2e: browser build ## the product in real browsers
	$(E2E) SEAWAY_BIN='$(CURDIR)/bin/seaway' go test -count=1 -parallel 3 -timeout $(GUARD) -skip '^Test($(SLOW)|$(LOOKS))' $(BROWSED)

.PHONY: looks
looks: browser build $(if $(AXE),axe) ## all pages, at each size and in each language, also for people who cannot see them
	$(E2E) SEAWAY_BIN='$(CURDIR)/bin/seaway' go test -count=1 -parallel 3 -timeout $(GUARD) -run '^Test($(LOOKS))' $(if $(AXE),,-skip Accessib) .

# A module of its own, as the benchmark is: other makers' clients and servers are
# never in the kit's. As root it also makes network namespaces and other users.
.PHONY: faults
faults: bin/nats-server faulty browser ## kills, lost networks, dead nodes, other makers' clients, projects (20 min)
	@$(MAKE) --no-print-directory build QUALITY=5
	$(if $(RACE),CGO_ENABLED=1) go test $(RACE) -count=1 -timeout $(GUARD) -run '$(CLUSTER)' ./server/eventlog/jetstream
	SEAWAY_TEST_CUTS=1000 go test -count=1 -timeout $(GUARD) ./server/eventlog/embedded
	cd e2e/faults && go vet ./...
	cd e2e/faults && SEAWAY_BIN='$(CURDIR)/bin/seaway' NATS_BIN='$(CURDIR)/bin/nats-server' go test -count=1 -timeout 40m ./...
	$(E2E) SEAWAY_BIN='$(CURDIR)/bin/seaway' NATS_BIN='$(CURDIR)/bin/nats-server' go test -count=1 -timeout $(GUARD) -run '^Test($(SLOW))' .
	$(E2E) go test -count=1 -timeout $(GUARD) $(RUNNER)
	@$(MAKE) --no-print-directory looks QUALITY=5

.PHONY: proxies
proxies: faulty ## each proxy of the guide by its files in e2e/deploy, in front of the program
	@$(MAKE) --no-print-directory build QUALITY=5
	cd e2e/faults && SEAWAY_TEST_IDLE=100s SEAWAY_BIN='$(CURDIR)/bin/seaway' go test -count=1 -timeout 10m -parallel 12 -run '^Test(ProxyServesByItsFile|UnitOfTheGuide)|ThroughProxies|ThroughVarnish' .

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
pictures: e2e looks ## README's pictures, from the tests'
	cd e2e/out && cp messages.png inbox.png board.png ../../.github/
	cp e2e/out/page-dashboard-desk-dark.png .github/dashboard.png
	cp e2e/out/page-room-lobby-phone-dark.png .github/phone.png
	cp e2e/out/front-desk-light.png .github/front.png
	cp e2e/out/compare-1280-light.png .github/compare.png

.PHONY: browser
browser: ## install Chromium and Firefox if they are not there
	@e2e/browser.sh

# The rivals have a module of their own, so that none of their libraries is ever
# in the kit's. It is tested first: a measure that cannot see a loss is none.
.PHONY: bench
bench: compare browser ## measure against other servers, then every package's benchmarks (20 min)
	cd e2e/bench && go vet ./... && go test ./...
	bin/compare -out e2e/bench/results
	go test -run '^$$' -bench . -benchmem -benchtime 300ms ./... | grep -v -e '^ok' -e '^PASS' -e 'no test files'
	$(E2E) go test -run '^$$' -bench . -benchmem -benchtime 300ms ./views
	$(E2E) go build -o ../bin/wasmexec ./wasmexec
	$(JS) go test -run '^$$' -bench Value -exec '$(CURDIR)/bin/wasmexec' ./app/live

# The benchmark needs a server, not the page at its smallest.
.PHONY: compare
compare:
	@$(MAKE) --no-print-directory build QUALITY=5
	cd e2e/bench && go build -trimpath -o ../../bin/compare . && go build -trimpath -o ../../bin/ ./rival ./soak ./chaos
	$(E2E) go build -o ../bin/ ./fill

# The checkers are tested first, as above. SEED=n repeats chaos with its schedule.
.PHONY: soak
soak: compare ## streams that come, go and stall, then a server killed at random: nothing may be lost (SOAK=10m CHAOS=5m)
	cd e2e/bench && go vet ./soak ./chaos ./process && go test ./soak ./chaos ./load
	bin/soak -for $(SOAK)
	bin/chaos -for $(CHAOS) $(if $(SEED),-seed $(SEED))

.PHONY: fuzz
fuzz: ## fuzz each target a little (FUZZTIME=10s)
	@FUZZTIME=$(FUZZTIME) .ci/fuzz

.PHONY: vuln
vuln: ## known vulnerabilities of what is linked, where their database can be reached
	@.ci/vuln

.PHONY: clean
clean: ## remove what was built
	rm -rf bin web/build/app.wasm* server/sample/guide/build/guide.json
