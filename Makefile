# `make` alone says what can be made. The work itself is in tools/, under names that say it.

.DEFAULT_GOAL := help
.PHONY: help demo test check quick build messages clean set-up

PYTHON := .venv/bin/python

help: ## Say what can be made here
	@echo "Learning Passport"
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo "Each of them first sets up what it needs, inside this folder."

demo: set-up ## See it: a country and a hub on this machine, with people and courses (FRESH=1 starts over)
	@$(PYTHON) demo/run.py $(if $(FRESH),--fresh)

test: set-up ## Run everything: linters, types, contracts, SQLite, PostgreSQL, browser journeys
	@$(PYTHON) -m tools.run_checks all

check: set-up ## Linters, types and contracts only (seconds)
	@$(PYTHON) -m tools.run_checks static

quick: set-up ## The suite on SQLite, without a browser
	@$(PYTHON) -m tools.run_checks quick

build: set-up ## Make the browser parts and the translations (only what is out of date)

messages: set-up ## Find new sentences in the sources and merge them into the translations
	@$(PYTHON) -m tools.translations

clean: ## Remove what was made, but not what the demo holds (var/)
	rm -rf .tools .venv node_modules passport/web/static/built passport/web/static/fonts dist \
		.mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find passport -name '*.mo' -delete
	find . -name __pycache__ -prune -exec rm -rf {} +

set-up:
	@tools/set_up.sh
