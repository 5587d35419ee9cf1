# HireFlow Voice. Two commands matter: `make run` and `make test`. Each sets up whatever is missing first.
SHELL := /bin/sh
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
PYTEST_ARGS ?=
JSON ?=


.PHONY: help run test check bench screenshots setup system weights lock clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: setup weights ## Open the app; without a display, play a two-question demo call in the terminal
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ]; then \
	    exec $(BIN)/hireflow-voice; \
	else \
	    echo "There is no display here, so no window can open. Playing a two-question demo call instead."; \
	    exec $(BIN)/hireflow-voice call --candidate demo --questions 2; \
	fi

test: setup-tests weights weights-tests check ## Check everything: format, lint, types, walls, then all tests with real parts
	$(BIN)/python -m pytest $(PYTEST_ARGS)

check: setup ## Format, lint, types and import walls only
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: setup-tests weights ## Measure: prints tables; JSON=FILE also writes them
	$(BIN)/python -m tests.benchmarks $(if $(JSON),--json $(JSON))

screenshots: setup ## Picture every screen, light and dark, into tests/artefacts/
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m tests.screenshots

setup: system $(INSTALLED)

.PHONY: setup-tests
setup-tests: system-tests $(INSTALLED)

system:
	@sh .ci/system-libraries run

.PHONY: system-tests
system-tests:
	@sh .ci/system-libraries test

$(INSTALLED): requirements.lock pyproject.toml | system
	@echo "Setting up the environment in $(VENV) (once)."
	@python="$$(sh .ci/find-python)" && { [ -x $(BIN)/python ] || "$$python" -m venv $(VENV); }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

weights: setup
	@$(BIN)/hireflow-voice models fetch --quiet-if-complete

.PHONY: weights-tests
weights-tests: setup
	@$(BIN)/hireflow-voice models fetch --quiet-if-complete whisper-tiny.en

lock: ## Pin all dependencies again (after changing pyproject.toml)
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --no-strip-extras -p 3.11 \
	    --extra dev pyproject.toml -o requirements.lock

clean: ## Remove the environment and caches of this folder (never your calls or the weights)
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis tests/artefacts
