SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
COMMIT ?= $(shell git rev-parse --short=12 HEAD 2>/dev/null || echo unknown)
FUZZTIME ?= 20s
BENCH ?= .
MAX_MEGABYTES := 60
# The tests of package api in which several things happen at once: under the race detector all of them would take too long.
AT_ONCE := AtOnce|Parallel|Wait|Stream|Follow|Node|Leav|View|Popular|Idempotent|Key|Walk|Stop|OneCall|Search
LINT := go tool -modfile=tools.mod golangci-lint

.PHONY: help
help: ## Explain the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo "Tests start a throw-away PostgreSQL from the one installed here, or use NASHR_TEST_POSTGRES_URL."
	@echo "With neither they leave PostgreSQL out; NASHR_TEST_POSTGRES_REQUIRED=true makes that a failure."

.PHONY: run
run: ## Serve a throw-away newsroom with demo content on http://localhost:8080
	go run ./cmd/nashr serve --demo

.PHONY: test
test: ## Run all tests, with the race detector, on SQLite and PostgreSQL
	GOGC=300 go test -race -timeout 15m $$(go list ./... | grep -v '/api$$')
	GOGC=300 go test -timeout 15m ./api
	GOGC=300 go test -race -timeout 15m -run '$(AT_ONCE)' ./api

.PHONY: lint
lint: ## Check the house rules, formatting and go vet
	@files=$$(gofmt -l .); if [ -n "$$files" ]; then echo "not formatted (make fmt):"; echo "$$files"; exit 1; fi
	go vet ./...
	$(LINT) run ./...

.PHONY: fmt
fmt: ## Format the Go files as lint wants them
	$(LINT) fmt ./...

.PHONY: openapi
openapi: ## Write docs/openapi.json and .yaml from the annotations in api
	go run ./cmd/openapi

.PHONY: verify
verify: verify-openapi verify-client verify-schema verify-modules build verify-docs verify-feeds verify-reader ## Prove that what is generated or pinned is up to date

.PHONY: verify-openapi
verify-openapi: openapi
	git diff --exit-code -- docs/openapi.json docs/openapi.yaml

.PHONY: verify-client
verify-client: export REDOCLY_TELEMETRY := off
verify-client: export REDOCLY_SUPPRESS_UPDATE_NOTICE := true
verify-client: openapi
	npm ci --prefix docs/client-check --no-audit --no-fund --loglevel=error
	npm run check --prefix docs/client-check

.PHONY: verify-schema
verify-schema:
	go test -count=1 -run TestSchemaDrift ./internal/store

.PHONY: verify-modules
verify-modules:
	go mod tidy -diff

.PHONY: build
build: ## Build bin/nashr exactly as the Dockerfile does, and check that it is static and small
	@line=$$(sed -n 's/^RUN \(CGO_ENABLED=0 go build .*\)$$/\1/p' Dockerfile); \
	[ "$$(wc -l <<<"$$line")" = 1 ] && [ -n "$$line" ] || { echo "Dockerfile: want one line RUN CGO_ENABLED=0 go build"; exit 1; }; \
	echo "$$line"; VERSION='$(VERSION)' COMMIT='$(COMMIT)' sh -c "$$line"
	@links=$$(LC_ALL=C ldd bin/nashr 2>&1 || true); [[ "$$links" =~ 'not a dynamic executable'|'statically linked' ]] || \
	{ echo "bin/nashr is not static: $$links"; exit 1; }
	@bytes=$$(wc -c <bin/nashr); echo "bin/nashr: static, $$((bytes / 1000000)) MB"; \
	[ "$$bytes" -lt $$(($(MAX_MEGABYTES) * 1000000)) ] || { echo "over $(MAX_MEGABYTES) MB"; exit 1; }
	@bin/nashr version

.PHONY: verify-docs
verify-docs: build
	.ci/check-docs

.PHONY: verify-reader
verify-reader: build
	go test -count=1 -tags browser ./examples/reader

.PHONY: verify-feeds
verify-feeds: build
	npm ci --prefix docs/feed-check --no-audit --no-fund --loglevel=error
	.ci/with-demo npm run check --prefix docs/feed-check

.PHONY: bench
bench: ## Run the benchmarks (BENCH=regexp)
	go test -run '^$$' -bench '$(BENCH)' -benchmem -timeout 30m ./bench/...

.PHONY: fuzz
fuzz: ## Run every fuzz target for FUZZTIME (20s) each
	@{ grep -rE --include='*_test.go' '^func Fuzz[A-Z][A-Za-z0-9_]*\(' . || true; } | \
	sed -E 's|^(.*)/[^/]+:func (Fuzz[A-Za-z0-9_]+)\(.*|\1 \2|' | sort | \
	while read -r dir target; do \
		echo "== $$dir $$target"; \
		go test -run '^$$' -fuzz "^$$target\$$" -fuzztime '$(FUZZTIME)' "$$dir" </dev/null; \
	done
