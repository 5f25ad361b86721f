# The commands of the service. Only make and Python 3.11 to 3.14 with venv must be on the machine;
# what else is needed is put into .venv, and nothing when it is up to date.

PORT ?= 8000
SHELL := /bin/sh
export PATH := $(CURDIR)/.venv/bin:$(PATH)
export PYTHONUNBUFFERED := 1
export PRE_COMMIT_HOME := $(CURDIR)/.venv/pre-commit
export PORT
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help setup demo serve migrate test test-faults check audit bench backup restore lock clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1|\2/p' Makefile | awk -F'|' '{printf "%-18s %s\n", $$1, $$2}'

setup: .venv/ready ## what every other command does first

.venv/ready: requirements/dev.txt tools/setup.sh $(if $(PYTHON),force)
	@sh tools/setup.sh && touch -c $@

.PHONY: force
force:

demo: setup ## the main job for real, then the running service; ONCE=1 ends after the job
	@python -m demo $(ARGS)

serve: migrate ## web, worker and clock in the foreground at http://127.0.0.1:$PORT
	@SERVE_PORT=$(PORT) exec honcho start

migrate: setup ## tables, the service's role and its rights, the catalogues
	@python manage.py prepare

test: setup ## every test but faults and twins; COVERAGE=1, DATABASE_OWNER_URL, REDIS_URL, REQUIRE_BROWSER=1, REQUIRE_CLAMD=1
	@sh tools/browser.sh
	@sh tools/clamd.sh
	@pytest -n auto --dist worksteal --ignore=tests/faults --ignore=tests/gates $(if $(COVERAGE),--cov) $(ARGS)

test-faults: setup ## what happens when processes and servers are killed, and when rules are broken
	@pytest -n auto --dist worksteal tests/gates $(ARGS)
	@pytest tests/faults $(ARGS)
	@SOAK=1 pytest -m soak

check: setup ## format, lint, layers, types, templates, migrations, API, deployment, dependencies
	@pre-commit run --all-files --show-diff-on-failure $(ARGS)

audit: setup ## known vulnerabilities of what the service runs on
	@python -m tools.audit

bench: setup ## every benchmark against a floor of the same run
	@python -m benchmarks $(ARGS)

backup: setup ## the database into backups/<time>.dump
	@python manage.py backup

restore: setup ## FILE=backups/….dump into an empty database; FORCE=1 replaces one
	@python manage.py restore $(if $(FORCE),--force) -- "$(FILE)"

lock: setup ## new versions into requirements/, with hashes, for every Python that fits
	@uv pip compile --upgrade --no-strip-extras --universal --generate-hashes --no-header --no-emit-index-url \
		--python-version 3.11 --quiet pyproject.toml -o requirements/run.txt
	@uv pip compile --upgrade --no-strip-extras --universal --generate-hashes --no-header --no-emit-index-url \
		--python-version 3.11 --quiet pyproject.toml --group dev -o requirements/dev.txt

clean: ## away with what can be made again; data in .embedded and backups stay
	@[ ! -x .venv/bin/python ] || .venv/bin/python -m config.embedded stop
	@rm -rf .venv static .coverage .coverage.* .pytest_cache .mypy_cache .ruff_cache \
		.import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
