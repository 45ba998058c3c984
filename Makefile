# make demo   sets up everything, builds and publishes the demonstration city, screens one site, serves
# make test   sets up everything the tests need, checks and tests
# make benchmarks   sets up the engines to compare with, measures all but the nation, writes results, tables and plots
SHELL := /bin/bash
.DELETE_ON_ERROR:
.PHONY: demo serve test check benchmarks lock clean

PYTHON ?= python3
BIN := .venv/bin
RUNTIME := .venv/.runtime
DEVELOPMENT := .venv/.development
PEERS := .venv/.peers

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

benchmarks: $(PEERS)
	deploy/setup-postgis.sh
	$(BIN)/python -m benchmarks $(BENCHMARKS)

$(RUNTIME): requirements/runtime.txt pyproject.toml layers/partition.c
	deploy/setup-environment.sh requirements/runtime.txt "$(PYTHON)"
	touch $@

$(DEVELOPMENT): requirements/development.txt pyproject.toml layers/partition.c
	deploy/setup-environment.sh requirements/development.txt "$(PYTHON)"
	touch $@ $(RUNTIME)

$(PEERS): requirements/peers.txt $(DEVELOPMENT)
	deploy/setup-environment.sh requirements/peers.txt "$(PYTHON)"
	touch $@

# Needs uv. Hashes, no addresses: the lock installs from whatever index the machine is set up for.
LOCK := uv pip compile -q --python-version 3.11 --universal --generate-hashes --no-emit-index-url --no-emit-find-links \
	--custom-compile-command "make lock"
lock:
	$(LOCK) requirements/runtime.in -o requirements/runtime.txt
	$(LOCK) requirements/cluster.in -c requirements/runtime.txt -o requirements/cluster.txt
	$(LOCK) requirements/development.in -c requirements/runtime.txt -o requirements/development.txt
	$(LOCK) requirements/peers.in -c requirements/development.txt -o requirements/peers.txt

clean:
	rm -rf .venv build data
