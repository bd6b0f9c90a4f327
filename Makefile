# Every goal sets up what it needs. `make` alone lists the goals.

.DEFAULT_GOAL := help
.PHONY: help setup demo serve test check bench clean system peers lock

BIN := .venv/bin
UV := uv==0.13.9

# `make demo`: the visitor's own text, lane and folder; INTERACTIVE=1 lets the visitor decide the gates.
VIBE ?=
LANE ?= full
OUT ?= demo-out
INTERACTIVE ?=

export PYTHON

help: ## List the goals (this)
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

setup: ## Make .venv with the locked core and vdw; PYTHON=... chooses the interpreter
	@scripts/setup core

demo: setup ## Take a vibe to a validated project; VIBE=file LANE=full|light INTERACTIVE=1 OUT=folder
	@$(BIN)/vdw demo --lane "$(LANE)" --out "$(OUT)" $(if $(VIBE),--vibe "$(VIBE)") $(if $(INTERACTIVE),--interactive)

serve: setup ## Run the server for daily use; ARGS="--port 8400" is handed on
	@$(BIN)/vdw serve $(ARGS)

test: ## Run the tests, a file a core; ARGS="-k trust --slow" is handed to pytest (-n 0: all in one process)
	@scripts/setup dev
	@$(BIN)/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder $(ARGS)

check: ## Format, lint, types, layers, and the repository's own rules
	@scripts/setup dev
	@$(MAKE) --no-print-directory --jobs=2 --output-sync _types _rules

# The halves of `check`, side by side: types take as long as all the rest.
.PHONY: _types _rules
_types:
	$(BIN)/mypy

_rules:
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q tests/repository

bench: ## Measure side by side with the bare SDK and FastMCP, into docs/benchmarks.md; ARGS=--quick takes a minute or two
	@scripts/setup dev
	@scripts/peers
	@$(BIN)/python -m bench.load $(ARGS)

clean: ## Remove what the goals made (never your data)
	@rm -rf .venv .peers demo-out build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

system: ## Install what only Debian packages bring for the tests (needs root)
	@scripts/system

peers: ## Install MCP clients and servers that are not ours, for the tests and the bench
	@scripts/peers

lock: setup ## Remake the locks; ARGS=--upgrade takes newer versions
	@scripts/lock "$(UV)" $(ARGS)
