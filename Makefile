# What a person runs here. A machine with Python 3.11 or later is enough; the Go toolchain only for `make cluster`.

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
NOX := $(VENV)/bin/nox --non-interactive --reuse-existing-virtualenvs
SOURCES := pyproject.toml README.md LICENSE $(shell find src -type f -not -path '*/__pycache__/*')

.DEFAULT_GOAL := help
.PHONY: help demo test tests types lint imports minimums cluster image coverage plan benchmark clean
.PHONY: check-image build check pytest podman-build podman-push

# The image: MUST_GATHER_IMAGE has no default, so that nobody pushes by mistake; BUILD_ARGS are such as BASE=...
MUST_GATHER_IMAGE ?=
IMAGE_REGISTRY ?= quay.io/openstack-k8s-operators
IMAGE_TAG ?= latest
IMAGE = $(IMAGE_REGISTRY)/$(MUST_GATHER_IMAGE):$(IMAGE_TAG)
BUILD_ARGS ?=
DOCKER_BUILD_ARGS ?= $(addprefix --build-arg ,$(BUILD_ARGS))
PODMAN ?= podman
OS_GIT_VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo 0.0.0-unknown)

help: ## this list
	@sed -n 's/^\([a-z -]*\):.*## /\1\t/p' Makefile | expand -t 14,56

demo: $(VENV)/omg.stamp ## a full collection from a cluster in a process of its own, into ./demo-output
	@work=$$(mktemp -d) && server= && \
	trap '[ -z "$$server" ] || kill -KILL $$server 2>/dev/null; rm -rf "$$work"' EXIT && \
	trap 'exit 130' INT && trap 'exit 143' TERM HUP && \
	{ $(VENV)/bin/python -m omg.embedded --kubeconfig "$$work/kubeconfig" >"$$work/log" 2>&1 & server=$$!; } && \
	for try in $$(seq 300); do \
		[ -s "$$work/kubeconfig" ] && break; \
		kill -0 $$server 2>/dev/null && [ $$try -lt 300 ] || { cat "$$work/log" >&2; echo "The demo's cluster did not start." >&2; exit 1; }; \
		sleep 0.1; \
	done && \
	{ $(VENV)/bin/omg gather demo-output --kubeconfig "$$work/kubeconfig"; ended=$$?; } && \
	case $$ended in \
		0|1) echo; echo "The tree is in ./demo-output, and the README has a tour of it. It begins with the log of a pod that keeps crashing:"; \
			find demo-output/namespaces/openstack -name '*-previous.log' | sort | head -n 1 ;; \
		*) exit $$ended ;; \
	esac

test: $(VENV)/nox.stamp ## everything that needs no Go: tests, types, lint, imports, minimums
	$(NOX)

tests types lint imports minimums cluster image coverage: $(VENV)/nox.stamp ## one check; `make cluster` needs Go
	$(NOX) --session $@

plan: $(VENV)/omg.stamp ## what a run would do
	@$(VENV)/bin/omg plan

benchmark: $(VENV)/nox.stamp ## omg beside a bare fetch of the same bytes; needs Go
	$(NOX) --session benchmark

check: lint types imports ## what needs no run: lint, types, imports

pytest: tests ## the same as tests

check-image: ## that the image has a name
	@for name in MUST_GATHER_IMAGE=$(MUST_GATHER_IMAGE) IMAGE_REGISTRY=$(IMAGE_REGISTRY) IMAGE_TAG=$(IMAGE_TAG); do \
		[ -n "$${name#*=}" ] || { echo "$${name%%=*} is not set. Give the image a name: make podman-build" \
			"MUST_GATHER_IMAGE=openstack-must-gather IMAGE_REGISTRY=registry.example.com/team IMAGE_TAG=1.2.3" >&2; exit 1; }; \
	done

build: check-image check pytest podman-build podman-push ## check, test, build the image and push it

podman-build: check-image ## build the image
	$(PODMAN) build --file containers/Containerfile --build-arg OS_GIT_VERSION=$(OS_GIT_VERSION) $(DOCKER_BUILD_ARGS) --tag $(IMAGE) .

podman-push: check-image ## push the image
	$(PODMAN) push $(IMAGE)

clean: ## take away everything that was made here
	rm -rf $(VENV) .nox build dist demo-output .coverage* .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +

$(VENV)/bin/python:
	@[ -n "$(PYTHON)" ] || { echo "omg needs Python 3.11 or later; none was found. Install it, or say where it is: make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "omg needs Python 3.11 or later; $(PYTHON) is $$($(PYTHON) --version 2>&1)." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "$(PYTHON) has no venv module. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/nox.stamp: $(VENV)/bin/python
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check 'nox[uv]>=2025.5.1'
	@touch $@

$(VENV)/omg.stamp: $(VENV)/bin/python $(SOURCES)
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check .
	@touch $@
