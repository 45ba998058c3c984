# make demo   sets up everything, builds and publishes the demonstration city, screens one site, serves
# make test   sets up everything the tests need, checks and tests
SHELL := /bin/bash
.DELETE_ON_ERROR:
.PHONY: demo serve test check lock clean

PYTHON ?= python3
BIN := .venv/bin
RUNTIME := .venv/.runtime
DEVELOPMENT := .venv/.development

demo: $(RUNTIME)
	$(BIN)/threelines demo

serve: $(RUNTIME)
	$(BIN)/threelines serve

test: check
	deploy/setup-browser.sh
	deploy/setup-postgis.sh
	deploy/setup-office.sh
	$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile

check: $(DEVELOPMENT)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

$(RUNTIME): requirements/runtime.txt pyproject.toml layers/partition.c
	deploy/setup-environment.sh requirements/runtime.txt "$(PYTHON)"
	touch $@

$(DEVELOPMENT): requirements/development.txt pyproject.toml layers/partition.c
	deploy/setup-environment.sh requirements/development.txt "$(PYTHON)"
	touch $@ $(RUNTIME)

# Needs uv. Hashes, no addresses: the lock installs from whatever index the machine is set up for.
LOCK := uv pip compile -q --python-version 3.11 --universal --generate-hashes --no-emit-index-url --no-emit-find-links \
	--custom-compile-command "make lock"
lock:
	$(LOCK) requirements/runtime.in -o requirements/runtime.txt
	$(LOCK) requirements/cluster.in -c requirements/runtime.txt -o requirements/cluster.txt
	$(LOCK) requirements/development.in -c requirements/runtime.txt -o requirements/development.txt

clean:
	rm -rf .venv build data
