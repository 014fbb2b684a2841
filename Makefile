# Everything that a person types. `make` alone lists it.
SHELL := /bin/bash
.DEFAULT_GOAL := help
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)

.PHONY: help setup demo test test-quick test-kubernetes test-nightly verify lab-up lab-down bench uninstall-check release

help:
	@echo 'make demo         a real cluster, the operator, an address that is held and moves (root)'
	@echo 'make demo KEEP=1  the same, and the cluster stays; make lab-down ends it'
	@echo 'make test         everything that is promised, tested: about 30 minutes on two cores (root)'
	@echo 'make test-quick   verify, alerts, and what one API server at a time answers: under 5 minutes, no root'
	@echo 'make test-kubernetes VERSION=1.31  the API tests on the API server of that Kubernetes: half an hour, no root'
	@echo 'make test-nightly make test with ten minutes of churn, an hour in which nothing may raise an alarm, more random cases, 5,000 nodes, npm audit: two hours (root)'
	@echo 'make verify       types, lint, format and pure tests: under a minute, no root'
	@echo 'make bench        figures: reconcile latency, memory, how soon an address answers, how long it is absent (root)'
	@echo 'make release VERSION=x  dist/release: install.yaml, image, bills of materials, checksums, notes'
	@echo 'make uninstall-check  may kubectl delete -k config/default go now?'
	@echo 'make lab-up       only the cluster (root)'
	@echo 'make lab-down     end every cluster that was left running'

# Not `npm ci`: the lock file has no entries for binaries of other platforms, which it takes for a fault.
node_modules/.package-lock.json: package-lock.json package.json .npmrc
	npm install --no-save
	@touch $@

# Debian packages that the lab needs; other distributions are told their names.
setup: node_modules/.package-lock.json
	@missing=$$(node test/lab/cli.ts packages); \
	if [ -n "$$missing" ]; then \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null; then \
	    echo "installing $$missing"; \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $$missing > /dev/null; \
	  else echo "missing: $$missing; install them with this distribution's package manager"; exit 1; fi; \
	fi

demo: setup
	@npm run --silent build
	@KEEP=$(KEEP) node test/demo/demo.ts

test: setup
	@bash test/run.sh verify test:alerts test:api test:lab

test-quick: node_modules/.package-lock.json
	@bash test/run.sh verify test:alerts test:api:quick

# Builds that API server once, in some 5 minutes. The versions are rows of src/catalog/kubernetes.ts.
test-kubernetes: node_modules/.package-lock.json
	@if [ -z '$(VERSION)' ]; then \
	  echo 'VERSION: expected a minor version of docs/compatibility.md, found none; type make test-kubernetes VERSION=1.31'; exit 1; fi
	@KUBERNETES_VERSION='$(VERSION)' bash test/run.sh test:api

# Churn, and the hour without alarms, only say something of real kube-vip (KUBE_VIP_BIN_DIR).
test-nightly: setup
	@CHURN_SECONDS=600 CALM_SECONDS=3600 FC_RUNS=600 bash test/run.sh verify test:alerts test:api test:lab bench:scale audit

verify: node_modules/.package-lock.json
	@npm run --silent verify

bench: setup
	@npm run --silent bench

# BUILDER=docker builds the Dockerfile, and BUILDER=lab needs neither an engine nor a registry of images.
release: node_modules/.package-lock.json
	@npm run --silent build
	@node release/cli.ts --version '$(VERSION)' --builder '$(BUILDER)'

uninstall-check:
	@sh config/uninstall-check.sh

lab-up: setup
	@npm run --silent build
	@node test/lab/cli.ts up

lab-down: node_modules/.package-lock.json
	@node test/lab/cli.ts down
