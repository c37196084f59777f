# The whole vocabulary of the project; continuous integration uses the same words.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUNNING := $(VENV)/.running
TESTING := $(VENV)/.testing
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: setup run test proofs fuzz check bench model clean

setup: $(RUNNING) web/static/vendor

$(RUNNING): pyproject.toml constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[ocr]'
	@touch $@

# Pinned in package.json; the product works without it.
web/static/vendor: package.json
	@if command -v npm >/dev/null 2>&1 && npm install --silent --no-audit --no-fund --ignore-scripts --omit=dev; then \
	  mkdir -p $@ && cp node_modules/htmx.org/dist/htmx.min.js $@/ && touch $@; \
	else echo "提示：没有取到 htmx（需要 npm）。页面不用它也能完整使用。"; fi

run: setup
	$(BIN)/jiebang demo

$(TESTING): $(RUNNING)
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[models,ocr,test]'
	@touch $@

test: setup $(TESTING)
	@sh tests/install_browser.sh
	$(BIN)/pytest -n 2 --dist loadgroup

# What `test` samples, in full; docs/proofs.md holds the last result.
proofs: setup $(TESTING)
	@sh tests/install_browser.sh
	JIEBANG_LONG_PROOFS=1 $(BIN)/pytest -n 2 --dist loadgroup -m proof

# Damaged files at random; docs/proofs.md holds the last result.
fuzz: $(TESTING)
	$(BIN)/python -m tests.ingest.fuzzing --minutes 30

check: $(TESTING)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint web/templates --lint --check --quiet
	@mkdir -p build && rm -f build/check.sqlite3
	$(BIN)/alembic -x url=sqlite:///build/check.sqlite3 upgrade head
	$(BIN)/alembic -x url=sqlite:///build/check.sqlite3 check
	$(BIN)/nbstripout --verify notebooks/*.ipynb

bench: setup $(TESTING)
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[bench]'
	$(BIN)/python -m tests.benchmarks

# DATA names a folder with the licensed sets; see matching/models/*/README.md.
model: $(TESTING)
	$(BIN)/python -m matching.training --data $(DATA) --output matching/models/jiebang-static

clean:
	rm -rf build node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis
