# What a newcomer needs is 'make serve' and 'make test'. Everything else is for those who change Strata.

# A toolchain in /opt/swift is found even if PATH doesn't name it.
export PATH := $(PATH):/opt/swift/usr/bin

.PHONY: help build advisor serve test check examples format bench dashboard-shots

help:
	@echo "make serve    build for speed and start a server on 127.0.0.1:6379 (HTTP on 8080)"
	@echo "make build    build for speed: .build/release/strata"
	@echo "make advisor  build what 'strata advise source' and 'strata advise layout' run (the first time takes minutes)"
	@echo "make test     all tests, those with real Redis clients included; installs what they need"
	@echo "make check    format, build, sanitizers, fuzzing: what a change must pass beside the tests"
	@echo "make examples build the examples and run each with its checks (the first time takes minutes)"
	@echo "make format   format the sources in place"
	@echo "make dashboard-shots  take pictures of the dashboard with made-up figures, in .build/dashboard"
	@echo "make bench    measure maps, caches, pools, stores and the server beside others (takes a while; OPTIONS=--quick for less)"

# How the command is built for speed: the runtime linked in (no indirect calls into it), and without the dynamic checks for overlapping
# accesses, which cost a few percent of every request in the transport. Debug builds, and so all tests, keep the checks.
RELEASE := -c release --static-swift-stdlib -Xswiftc -enforce-exclusivity=unchecked

build:
	swift build $(RELEASE) --product strata

# A package of its own, because what it parses Swift with takes minutes to build: Advisor/.build/release/strata-advise
advisor:
	STRATA_ADVISOR_WITHOUT_PLUGIN=1 swift build --package-path Advisor -c release --product strata-advise

# OPTIONS are passed on, as in: make serve OPTIONS='--port 6380'
serve: build
	exec .build/release/strata serve $(OPTIONS)

test:
	scripts/test

check:
	scripts/check

format:
	swift format --in-place --recursive --parallel Package.swift Sources Tests $(wildcard Benchmarks Examples) Advisor/Package.swift Advisor/Sources Advisor/Plugins Advisor/Tests/AdvisorTests

# Not part of the tests, because each example is a package of its own that builds everything for itself.
examples:
	scripts/examples

# Pictures of the dashboard, light and dark, wide and narrow, in .build/dashboard: for a person to look at.
dashboard-shots:
	scripts/prepare
	.build/python/bin/python Tests/Integration/dashboard/shots.py .build/dashboard

# Writes docs/benchmarks.md. OPTIONS are passed on, as in: make bench OPTIONS='--quick --only map,cache'
bench:
	scripts/bench --docs $(OPTIONS)
