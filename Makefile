# make run, make test, make bench, make check, make help: no logic lives here
PYTHON ?= python3
VENV := .venv
ARGS ?=

.PHONY: run test check bench clean help
.DEFAULT_GOAL := help

run: $(VENV)/.run  ## start Loket (ARGS="--port 8001 --home DIR --no-demo")
	@$(VENV)/bin/loket start $(ARGS)

test: $(VENV)/.test  ## run all tests, the stories in a browser included (ARGS="-k melding")
	@$(VENV)/bin/python -m pytest -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder -r fEs $(ARGS)

check: $(VENV)/.test  ## the gates: lint, format, types, layers
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy
	@$(VENV)/bin/lint-imports

bench: $(VENV)/.test  ## run the measurements, each prints "name: value"
	@for script in benchmarks/*.py; do \
		echo "== $$script"; PYTHONPATH=.:tests $(VENV)/bin/python "$$script" || exit 1; done

clean:  ## remove the virtual environment (your data stays)
	@rm -rf $(VENV) build *.egg-info

help:  ## this list
	@sed -n "s/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p" $(MAKEFILE_LIST)

$(VENV)/.run: setup.cfg pyproject.toml | $(VENV)/bin/pip
	@$(call install,.)
	@touch $@

$(VENV)/.test: setup.cfg pyproject.toml | $(VENV)/bin/pip
	@$(call install,.[test])
	@touch $@ $(VENV)/.run

$(VENV)/bin/pip:
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11))" || { \
		echo "Loket heeft Python 3.11 of nieuwer nodig."; \
		echo "Wat u kunt doen: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@rm -rf $(VENV); $(PYTHON) -m venv $(VENV) >/dev/null 2>&1 \
		|| { rm -rf $(VENV); virtualenv --quiet --python $(PYTHON) $(VENV) 2>/dev/null; } \
		|| { rm -rf $(VENV); \
		echo "Python kan hier geen virtuele omgeving maken."; \
		echo "Wat u kunt doen (Debian, Ubuntu): apt install python3-venv"; exit 1; }

define install
echo "Loket installeren (de eerste keer duurt dit ongeveer een halve minuut) ..."; \
$(VENV)/bin/pip install --quiet --disable-pip-version-check --editable "$(1)" || { \
	echo "Installeren is niet gelukt."; \
	echo "Wat u kunt doen: kijk of pip het internet (of uw eigen index) bereikt."; exit 1; }
endef
