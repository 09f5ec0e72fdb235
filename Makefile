# The two commands that matter: `make run` starts the chat, `make test` tests it.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help install run serve test lint bench

PORT = 8000
HOST = 127.0.0.1
ARGS =
PYTHON =
VENV = .venv
RUN = $(VENV)/bin/python
INSTALL = $(RUN) -m pip install -qq --disable-pip-version-check

help:
	@echo 'make run      the chat at http://localhost:8000, restarted when its code changes'
	@echo '              make run PORT=9000    on another port'
	@echo '              make run HOST=0.0.0.0 for other devices too (name them in ALLOWED_HOSTS)'
	@echo 'make serve    the same under uvicorn, without restarts: what a household keeps running'
	@echo 'make install  prepares .venv and starts nothing (PYTHON=… chooses the interpreter)'
	@echo 'make test     all tests, in parallel      (ARGS="-k send" chooses some;'
	@echo '              MONGO_URL=mongodb://… has them use a real MongoDB)'
	@echo 'make lint     ruff and mypy'
	@echo 'make bench    what the chat costs here    (ARGS="--json" for programs)'

install: $(VENV)/installed
	@:

run: install
	@exec $(RUN) manage.py runserver $(HOST):$(PORT)

serve: install
	@exec $(RUN) manage.py serve --host $(HOST) --port $(PORT)

# Hundreds of processes: each would compile the project anew where bytecode is not kept.
test: export PYTHONDONTWRITEBYTECODE =
test: $(VENV)/installed-dev
	@sh .ci/install-packages
	$(RUN) -m pytest -n $${WORKERS:-4} $(ARGS)

lint: $(VENV)/installed-dev
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	DATA_DIR=$$(mktemp -d) $(RUN) -m mypy .

bench: $(VENV)/installed-dev
	$(RUN) -m bench $(ARGS)

# Made anew where it is missing, or where the Python it was made with has gone.
$(VENV)/installed: requirements.txt constraints.txt pyproject.toml $(shell $(RUN) -c '' 2>/dev/null || echo no-python)
	@sh .ci/make-venv $(VENV) $(PYTHON)
	@echo 'Installing what the chat needs into $(VENV)'
	@$(INSTALL) -r requirements.txt
	@$(INSTALL) --no-deps --editable .
	@touch $@

$(VENV)/installed-dev: requirements-dev.txt $(VENV)/installed
	@echo 'Installing what tests and lint need into $(VENV)'
	@$(INSTALL) -r requirements-dev.txt
	@touch $@

.PHONY: no-python
no-python:
