# Each target makes the environment first where it is missing; see README.md.
BOHARI := .venv/bin/bohari
PYTHON := .venv/bin/python
# A file is one worker's: a world that its tests share, ten seconds in the making, is made once. In the order of the
# folders, so that the many short files of tests/unit come last and fill both workers.
WORKERS := -n 2 --dist loadfile --no-loadscope-reorder
PICTURES ?= $(CURDIR)/pictures-out
.PHONY: catalogues docs pictures setup demo test quick coverage check bench simulate planted package deb sbom format
# Tests and benches start processes by the hundred: what Python compiled once is kept, whatever the shell says.
export PYTHONDONTWRITEBYTECODE :=
# Only a window that a person sees needs the display's libraries.
test quick coverage check bench simulate planted package sbom format docs pictures: export OFFSCREEN := 1
demo: export OFFSCREEN := $(HEADLESS)

setup:
	@sh packaging/setup.sh

demo: setup
	@$(BOHARI) demo $(if $(HEADLESS),--headless) --output demo-out

# COVERAGE=1 counts branches meanwhile, in every process that a test starts (see `coverage`).
test: setup
	@QT_QPA_PLATFORM=offscreen $(PYTHON) $(if $(COVERAGE),-m coverage run) -m pytest $(WORKERS) $(ARGS)

# Unit and contract tests that need no Postgres and no process of ours: under two minutes on two cores.
quick: setup
	@QT_QPA_PLATFORM=offscreen $(PYTHON) -m pytest --quick $(WORKERS) $(ARGS)

# `make test` with branches counted; fails under 90 %.
coverage: setup
	@rm -rf .coverage
	@$(MAKE) --no-print-directory test COVERAGE=1 ARGS="$(ARGS)"
	@.venv/bin/coverage combine --quiet && .venv/bin/coverage report

check: setup
	@.venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/mypy && .venv/bin/lint-imports

bench: setup
	@QT_QPA_PLATFORM=offscreen $(PYTHON) -m tests.bench $(ARGS)

# Every screen and sheet of the window in three themes, two languages and three sizes, every page of the back office,
# and contact sheets of all in $(PICTURES)/sheets; ARGS="-k en-1024" draws some.
pictures: setup
	@rm -rf "$(PICTURES)" && mkdir -p "$(PICTURES)/window" "$(PICTURES)/pages"
	@BOHARI_PICTURES="$(PICTURES)/window" QT_QPA_PLATFORM=offscreen $(PYTHON) -m pytest -n 2 -q \
		tests/ui/test_every_screen.py::test_pictures $(ARGS)
	@BOHARI_WEB_PICTURES="$(PICTURES)/pages" $(PYTHON) -m pytest -q tests/web/test_browser.py::test_pictures
	@$(PYTHON) -m demo.contact_sheets "$(PICTURES)"

# A fleet in which everything fails, from a seed: see docs/simulator.md.
simulate: setup
	@.venv/bin/python -m tests.simulate $(ARGS)

# Bugs planted in a copy of the tree, one at a time: which of them does no test find?
planted: setup
	@$(PYTHON) -m tests.planted $(ARGS)

package: setup
	@.uv/bin/uv sync --locked --quiet --group package && .venv/bin/pyinstaller --noconfirm packaging/bohari.spec

# Two packages for Debian, of the folder that `make package` made: the till, and the server beside it.
deb: package
	@$(PYTHON) packaging/deb.py

# Every package that uv.lock names, with its hashes, as CycloneDX.
SBOM ?= bohari.cdx.json
sbom: setup
	@.uv/bin/uv export --locked --quiet --all-groups --format cyclonedx1.5 --output-file $(SBOM) >/dev/null

catalogues: setup
	@$(PYTHON) -m tests.catalogues

# The pages that are written from the code; a test fails on one that is not fresh.
docs: setup
	@for page in command_reference decisions log_lines tables_picture third_party_notices; do $(PYTHON) packaging/$$page.py || exit 1; done

format: setup
	@.venv/bin/ruff check --fix . ; .venv/bin/ruff format .
