PYTHON := .venv/bin/python
BIN := .venv/bin

# What is imported is compiled once, not by each of the hundreds of programs that tests start.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
MINUTES := 10
HOURS := 1

.PHONY: help setup run demo test fuzz soak torture foreign lint audit static bench package lock
.NOTPARALLEL:

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Install all that running and testing need (every target below does this by itself)
	@./setup.sh test

run: ## Start ShopWatch
	@./setup.sh run
	@$(PYTHON) -m shopwatch

demo: ## See it work: a pretend shop, real messages, the real window (ARGS="--sales 5 --exit")
	@./setup.sh run
	@$(PYTHON) -m shopwatch demo $(ARGS)

test: setup static ## Every check: style, types, floors, dependencies, tests (ARGS="tests/ledger -k refund")
	@$(BIN)/pytest -n 3 --dist loadscope --no-loadscope-reorder --ignore tests/foreign $(ARGS)

fuzz: ## Give every door odd inputs, and keep what reaches something new (MINUTES=60 ARGS="listener api-")
	@./setup.sh develop
	@$(PYTHON) -m tests.fuzz --minutes $(MINUTES) $(ARGS)

soak: ## Let a shop sell while all that can happens to it, then compare the books (HOURS=8 ARGS="--seed 7")
	@./setup.sh test
	@$(PYTHON) -m tests.torture.soak --hours $(HOURS) $(ARGS)

torture: ## Cut the power, kill and let the disk fail, by the hundred (ARGS="--cuts 100 --kills 0 --seed 7")
	@./setup.sh test
	@$(PYTHON) -m tests.torture $(ARGS)

foreign: ## What the senders' own libraries and API descriptions think of ShopWatch
	@./setup.sh foreign
	@.foreign/bin/pytest -n 2 tests/foreign $(ARGS)

lint: ## The checks that start nothing: style, types, floors, dependencies
	@./setup.sh develop
	@$(MAKE) --no-print-directory static

audit: ## Whether a locked package is known to be unsafe
	@./setup.sh develop
	@$(PYTHON) -m tests.audit

static:
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/deptry .
	@$(PYTHON) -m tests.audit

bench: ## Measure against peers, side by side, into benchmarks/RESULTS.md
	@./setup.sh bench
	@$(PYTHON) -m benchmarks

package: setup ## Build the program that runs without Python into dist/shopwatch
	@$(BIN)/pyinstaller --noconfirm --log-level WARN shopwatch.spec

lock: ## Write the lock files anew from pyproject.toml
	@./setup.sh lock
