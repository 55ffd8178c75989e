PYTHON := .venv/bin/python
BIN := .venv/bin

# What is imported is compiled once, not by each of the hundreds of programs that tests start.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
MINUTES := 10
HOURS := 1

PYTEST := $(BIN)/pytest -n 4 --dist loadscope --no-loadscope-reorder --ignore tests/foreign
PROPERTIES := tests/providers tests/sums tests/recovery tests/night tests/ledger tests/domain tests/actions/email

.PHONY: help setup run demo test nightly fuzz soak torture foreign postgres lint audit quick static bench package lock
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

test: setup quick ## Every check: style, types, floors, dependencies, tests (ARGS="tests/ledger -k refund")
	@said=$$(mktemp); $(BIN)/mypy >"$$said" 2>&1 & types=$$!; trap 'kill $$types' INT TERM; \
	$(PYTEST) $(ARGS); tests=$$?; wait $$types; types=$$?; cat "$$said"; rm -f "$$said"; exit $$((tests | types))

postgres: ## The ledger's tests on each PostgreSQL there is, and receivers that are killed (ARGS="-k refund")
	@./setup.sh postgres
	@SHOPWATCH_POSTGRES=1 $(PYTEST) --ignore tests/ledger/sqlite tests/ledger tests/cluster $(ARGS)

nightly: setup ## The tests that try a part everyday, with all there is to try, for hours (ARGS="tests/providers")
	@SHOPWATCH_FULL=1 SHOPWATCH_HYPOTHESIS=nightly $(PYTEST) --timeout 7200 $(or $(ARGS),$(PROPERTIES))

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

static: quick
	@$(BIN)/mypy

quick:
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
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
