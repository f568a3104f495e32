# Four commands: make demo, make app, make test, make bench. All first make an environment of their own, .venv.
# PYTHON=python3.12 picks an interpreter; each one given gets its own environment, such as .venv-python3.12.

PYTHON ?=
ARGS ?=
VENV := .venv$(if $(PYTHON),-$(subst /,-,$(patsubst /%,%,$(PYTHON))))
TRIED := $(or $(PYTHON),python3 python3.14 python3.13 python3.12 python3.11 python)
# The same among pyenv's versions, whose commands on the path may be empty shims.
PYENV := $(shell ls -d "$$(pyenv root 2>/dev/null)"/versions/*/bin/$(or $(PYTHON),python3) 2>/dev/null)
# Some systems split venv and ensurepip off: only a try tells whether a Python works.
WORKS := import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))

.PHONY: help install demo app test bench

help:
	@echo "make demo     compare solo development with each version and with aid on the Pinghu case; see results/demo"
	@echo "make app      watch two worlds with the same luck in the browser; ARGS='--port 8000' passes options to feidi app"
	@echo "make test     run all tests; ARGS='-k ledger' passes options to pytest"
	@echo "make bench    measure how fast all of it is, beside other frameworks, into results/published/benchmarks.md"
	@echo "make install  only make the environment ($(VENV))"
	@echo "PYTHON=python3.12 after any of them picks another Python, 3.11 or newer"

install: $(VENV)/.installed

demo: install
	$(VENV)/bin/feidi compare solo town enclave mountain_sea east_west household_shares pooling aid \
	    --case pinghu --seeds 20 --no-turning-point --out results/demo

app: install
	$(VENV)/bin/feidi app $(ARGS)

bench: install
	$(VENV)/bin/python -m benchmarks $(ARGS)

test: install
	$(VENV)/bin/pytest -n auto --dist worksteal $(ARGS)

# Installing again is only needed when pyproject.toml changes: the packages are used from this folder as they are.
$(VENV)/.installed: pyproject.toml
	@set -e; \
	if ! $(VENV)/bin/python -m pip --version >/dev/null 2>&1; then \
	    found=; \
	    for python in $(TRIED) $(PYENV); do \
	        if "$$python" -c '$(WORKS)' >/dev/null 2>&1; then found=$$python; break; fi; \
	    done; \
	    if [ -z "$$found" ]; then \
	        echo "No Python that works: tried $(TRIED)." >&2; \
	        echo "Install Python 3.11 or newer with its venv module (on Debian: python3-venv)," \
	            "or name one: make $(or $(MAKECMDGOALS),test) PYTHON=python3.12" >&2; \
	        exit 1; \
	    fi; \
	    echo "Making $(VENV) with $$found: $$("$$found" --version)"; \
	    "$$found" -m venv --clear $(VENV); \
	fi; \
	echo "Installing into $(VENV): about a minute"; \
	$(VENV)/bin/python -m pip install --quiet --editable '.[test]'; \
	touch $@
