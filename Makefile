# GeoSAM encoder tool: `make` lists the targets.
#
# Everything is installed into .venv from the hashed lock files; stamp files in it remember what
# is done, so a target that has nothing to do does nothing.

VENV := .venv
BIN := $(VENV)/bin
PYTHON ?=
TORCH := torch==2.13.0
SAM2 := sam2==1.1.0
QGIS_VENV := .venv-qgis
QGIS_BIN := $(QGIS_VENV)/bin
# The Python that QGIS runs: its bindings are packages of the system's.
QGIS_PYTHON ?= /usr/bin/python3
QGIS_PACKAGES := qgis python3-qgis qgis-providers python3-venv xvfb xauth
# e.g. TORCH_INDEX=https://download.pytorch.org/whl/cpu where the default torch brings CUDA
TORCH_INDEX ?=
# Qt's translation tools, a package of the index. Where that has no build for this machine, name
# Qt 6's own: make package LRELEASE=/usr/lib/qt6/bin/lrelease
QT_TOOLS := .venv-qt-tools
LUPDATE ?= $(QT_TOOLS)/PySide6/lupdate
LRELEASE ?= $(QT_TOOLS)/PySide6/lrelease
stamp_of = $(if $(filter $(QT_TOOLS)/%,$(1)),$(QT_TOOLS)/.stamp)
LANGUAGES := de es fr zh_Hans
TRANSLATIONS := $(LANGUAGES:%=i18n/geosam_%.qm) i18n/geosam_en.qm
# for `make train`
TRAINING := out/training
STRUCTURE ?= nano
MINUTES ?= 150
# What `make bench` runs; `make accuracy` and `make bench-gui` take longer
BENCHMARKS := click_latency encode_cost cache_size hover model_cost request_latency
# QGIS's plugins folder, for `make link`
PLUGINS ?= $(HOME)/.local/share/QGIS/QGIS3/profiles/default/python/plugins
# Tests run in as many processes as there are cores (QGIS's, which often wait for an engine, in one
# more), up to four, each file's in one of them, long files first, and what they compute in one
# thread. PYTEST_ARGS=-n0 runs them one after the other.
PYTEST := -m pytest -n logical --maxprocesses 4 --dist loadfile --no-loadscope-reorder \
          -p tests.support.long_files_first
PIP := -m pip install --quiet --disable-pip-version-check
PIP_INSTALL := $(BIN)/python $(PIP)
LOCK := $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 \
        --generate-hashes --no-emit-index-url --no-emit-find-links --no-config --quiet \
        --custom-compile-command "make lock"
UPDATE_TS = $(LUPDATE) -silent -extensions py -locations none -no-obsolete -source-language en \
            geosam_plugin

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev setup-qgis demo test test-engine test-plugin lint format package bench bench-gui docs-screenshots accuracy train nano-onnx lock clean \
        plugin-locks check-locks link translations
.DELETE_ON_ERROR:

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo "  PYTHON=/path/to/python3     use this Python (3.11 or newer) for $(VENV)"
	@echo "  TORCH_INDEX=URL             take torch from this index (test, lint, bench)"

setup: $(VENV)/.stamp-engine ## install the engine into .venv: all that is needed without torch

setup-dev: $(VENV)/.stamp-dev $(VENV)/.stamp-engine ## the same, with torch, sam2 and the tools

setup-qgis: $(QGIS_VENV)/.stamp ## QGIS (installed when missing) and what the plugin's tests need

demo: $(VENV)/.stamp-engine ## sample scene -> encode -> prompts -> out/demo/polygons.gpkg, preview.png
	$(BIN)/python -m encoder_tool.demo --out out/demo

test: test-engine test-plugin ## run all tests

test-engine test-plugin: export OMP_NUM_THREADS ?= 1

test-engine: setup-dev ## run the engine's tests
	$(BIN)/python $(PYTEST) $(PYTEST_ARGS)

test-plugin: setup-dev setup-qgis $(TRANSLATIONS) ## run the plugin's tests in QGIS, against the unpacked package
	rm -rf out/plugin
	@mkdir -p out/plugin
	$(BIN)/python .ci/make_package.py zip out/plugin/geosam_plugin.zip
	$(BIN)/python -m zipfile -e out/plugin/geosam_plugin.zip out/plugin
	@mkdir -p -m 700 out/runtime
	LC_ALL=C.UTF-8 QT_QPA_PLATFORM=offscreen XDG_RUNTIME_DIR="$(CURDIR)/out/runtime" \
	GEOSAM_PLUGIN_HOME="$(CURDIR)/out/plugin" GEOSAM_ENGINE_PYTHON="$(CURDIR)/$(BIN)/python" \
	  $(QGIS_BIN)/python $(PYTEST) tests/plugin $(PYTEST_ARGS)

lint: setup-dev ## ruff, mypy and the import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/vermin --quiet --target=3.9- --violations --no-tips geosam_plugin

format: setup-dev ## let ruff put the code in order
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

package: $(VENV)/.stamp-engine $(TRANSLATIONS) ## build dist/geosam_plugin.zip and dist/*.whl, and check what is in them
	rm -rf dist
	$(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .
	$(BIN)/python .ci/check_wheel.py dist/*.whl
	$(BIN)/python .ci/make_package.py zip dist/geosam_plugin.zip

link: $(VENV)/.stamp-python $(TRANSLATIONS) ## link the plugin into QGIS's profile (PLUGINS=FOLDER), for development
	$(BIN)/python .ci/make_package.py link "$(PLUGINS)"

# English has plurals only: its texts are the source's.
translations: $(call stamp_of,$(LUPDATE)) ## take the plugin's new texts into i18n/*.ts, and compile these
	@for language in $(LANGUAGES); do $(UPDATE_TS) -ts i18n/geosam_$$language.ts || exit 1; done
	@$(UPDATE_TS) -pluralonly -ts i18n/geosam_en.ts
	@$(MAKE) --no-print-directory $(TRANSLATIONS)

bench: setup-dev setup-qgis $(TRANSLATIONS) ## run the short benchmarks; each prints tables and writes JSON into out/bench
	@set -e; for name in $(BENCHMARKS); do \
	  echo "== benchmarks/$$name.py"; $(BIN)/python benchmarks/$$name.py; done

bench-gui: setup-dev setup-qgis $(TRANSLATIONS) ## how long QGIS's window stands still while a raster is encoded
	$(BIN)/python benchmarks/gui_gap.py

docs-screenshots: setup-dev setup-qgis $(TRANSLATIONS) ## take the pictures of README.md and docs/ anew, in a real QGIS
	$(BIN)/python docs/screenshots/take.py

accuracy: setup-dev ## judge the embedded model (ACCURACY_ARGS="--model nano=FILE" for another)
	$(BIN)/python benchmarks/accuracy.py --consistency --picture out/bench/accuracy $(ACCURACY_ARGS)

train: setup-dev ## train the embedded model (DATA=FOLDER MINUTES=150; training/README.md)
	$(if $(DATA),$(BIN)/python -m training prepare "$(DATA)" --out $(TRAINING)/pack.npz)
	$(BIN)/python -m training train --structure $(STRUCTURE) --minutes $(MINUTES) \
	  --out $(TRAINING)/$(STRUCTURE) $(if $(DATA),--pack $(TRAINING)/pack.npz) $(TRAIN_ARGS)
	$(BIN)/python -m training export $(TRAINING)/$(STRUCTURE)
	$(BIN)/python -m training plot $(TRAINING)/$(STRUCTURE)

nano-onnx: setup-dev ## rebuild the embedded model's ONNX files from its weights
	$(BIN)/python -m encoder_tool.model.export

lock: $(VENV)/.stamp-python ## resolve requirements.lock and requirements-dev.lock anew
	$(PIP_INSTALL) uv
	$(LOCK) --extra plot --group build --upgrade -o requirements.lock
	$(LOCK) --extra dev --group build --group sam2-build --upgrade -c requirements.lock \
	        -o requirements-dev.lock

plugin-locks: $(VENV)/.stamp-python ## resolve geosam_plugin/locks anew: what the plugin's installer installs
	$(PIP_INSTALL) uv
	$(BIN)/python .ci/plugin_locks.py make

check-locks: $(VENV)/.stamp-python ## do those locks have wheels for Linux, Windows and macOS?
	$(PIP_INSTALL) uv
	$(BIN)/python .ci/plugin_locks.py check

clean: ## remove .venv, .venv-qgis, out, dist and the tools' caches
	rm -rf $(VENV) $(QGIS_VENV) $(QT_TOOLS) i18n/*.qm out dist build *.egg-info \
	       .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

# A Python that can make environments. Debian ships `venv` apart: installed when we may.
$(VENV)/.stamp-python:
	@set -e; \
	for python in $(PYTHON) python3.13 python3.12 python3.11 python3.14 python3; do \
	  "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
	  if ! "$$python" -c 'import ensurepip, venv' 2>/dev/null; then \
	    version=$$("$$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])'); \
	    if command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
	      echo "Installing python$$version-venv ..."; \
	      apt-get update -qq && apt-get install -y -qq --no-install-recommends \
	        "python$$version-venv" >/dev/null; \
	    else \
	      echo "Python $$version cannot make environments; on Debian or Ubuntu run:" >&2; \
	      echo "  sudo apt-get install python$$version-venv" >&2; exit 1; \
	    fi; \
	  fi; \
	  echo "Making $(VENV) with $$("$$python" --version)"; \
	  [ -x $(BIN)/python ] || "$$python" -m venv $(VENV); \
	  touch $@; exit 0; \
	done; \
	echo "No Python 3.11 or newer found; install one or name it: make setup PYTHON=..." >&2; exit 1

$(VENV)/.stamp-base: requirements.lock | $(VENV)/.stamp-python
	@echo "Installing the engine's packages (requirements.lock): about 250 MB are downloaded, once;"
	@echo "that takes a minute or some"
	@$(PIP_INSTALL) --require-hashes -r requirements.lock
	@touch $@

$(VENV)/.stamp-torch: | $(VENV)/.stamp-base
	@echo "Installing $(TORCH): about 200 MB, several minutes; with CUDA (Linux's default) some GB,"
	@echo "which TORCH_INDEX=https://download.pytorch.org/whl/cpu spares"
	@$(PIP_INSTALL) $(if $(TORCH_INDEX),--index-url $(TORCH_INDEX)) $(TORCH)
	@touch $@

# sam2 is a source package: two steps, without its CUDA extension and without torchvision.
$(VENV)/.stamp-dev: requirements-dev.lock $(VENV)/.stamp-base $(VENV)/.stamp-torch
	@echo "Installing the development packages (requirements-dev.lock): about 100 MB"
	@$(PIP_INSTALL) --require-hashes -r requirements-dev.lock
	@echo "Installing $(SAM2)"
	@SAM2_BUILD_CUDA=0 $(PIP_INSTALL) --no-build-isolation --no-deps $(SAM2)
	@touch $@

$(VENV)/.stamp-engine: pyproject.toml metadata.txt $(VENV)/.stamp-base
	@echo "Installing the engine from the tree"
	@$(PIP_INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(TRANSLATIONS): %.qm: %.ts $(call stamp_of,$(LRELEASE))
	@$(LRELEASE) -silent $< -qm $@

$(QT_TOOLS)/.stamp: i18n/tools.lock | $(VENV)/.stamp-python
	@echo "Installing Qt's translation tools (i18n/tools.lock)"
	@rm -rf $(QT_TOOLS)
	@$(PIP_INSTALL) --require-hashes --no-deps --target $(QT_TOOLS) -r i18n/tools.lock
	@touch $@

$(QGIS_VENV)/.stamp: tests/plugin/tools.lock
	@set -e; \
	if ! $(QGIS_PYTHON) -c 'import qgis.core, ensurepip' 2>/dev/null; then \
	  if command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
	    echo "Installing QGIS ..."; \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
	      --no-install-recommends $(QGIS_PACKAGES) >/dev/null; \
	  else \
	    echo "$(QGIS_PYTHON) has no QGIS; name another by QGIS_PYTHON=..., or on Debian or" >&2; \
	    echo "Ubuntu run: sudo apt-get install $(QGIS_PACKAGES)" >&2; exit 1; \
	  fi; \
	fi
	@echo "Making $(QGIS_VENV) with $$($(QGIS_PYTHON) -c 'from qgis.core import Qgis; print("QGIS", Qgis.QGIS_VERSION)' 2>/dev/null)"
	@$(QGIS_PYTHON) -m venv --system-site-packages $(QGIS_VENV)
	@$(QGIS_BIN)/python $(PIP) --require-hashes -r tests/plugin/tools.lock
	@touch $@
