# make run: the platform with the demo province · make test: everything that can be tested · make check: types, lint, layers
# Needs make, git and Python >= 3.11 with its venv module; all else comes into .venv, hashes checked.

.DEFAULT_GOAL := help
SHELL := /bin/sh
BIN := .venv/bin
ifndef PYTHON
PYTHON := $(firstword $(foreach p,python3 python3.13 python3.12 python3.11,$(shell \
	$(p) -c 'import sys, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(p))))
endif
BENCHES ?= load redeliver store match report lookup journal reconcile step clocks pages peak cases proof wholooked decide gateway concurrency bigfile certificates
CHROMIUM_PACKAGES := chromium fonts-noto-cjk

.PHONY: help run test check bench install install-dev browser clean

help:
	@echo "make run | test | check | bench | install | install-dev | browser | clean"

run: install
	@exec $(BIN)/shuniu run

# Two processes, each with its own PostgreSQL, data folder and browser (tests/conftest.py, tests/dealing.py).
test: install-dev browser
	$(BIN)/pytest -n 2

check: install-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: install
	@failed=; for name in $(BENCHES); do $(BIN)/shuniu bench $$name --json || failed="$$failed $$name"; done; \
	if [ -n "$$failed" ]; then echo "not reached:$$failed"; exit 1; fi

install:
	@$(call into_venv,requirements.lock)

install-dev:
	@$(call into_venv,requirements-dev.lock)

# The stamp names lock, interpreter and place: a second run takes no time, a moved folder or a new lock is noticed.
# The project itself is a path in site-packages and a three-line command: no build, no build tools.
define into_venv
set -e; \
if [ -z "$(PYTHON)" ]; then \
	echo "需要 Python 3.11 或更新的版本及其 venv 模块，例如：apt-get install python3 python3-venv" >&2; exit 1; fi; \
stamp="$$(sha256sum $(1) | cut -d' ' -f1) $$($(PYTHON) -c 'import sys; print(sys.version_info[:2], sys.base_prefix)') $(CURDIR)"; \
if [ "$$(cat .venv/$(1).stamp 2>/dev/null)" != "$$stamp" ]; then \
	echo "安装 $(1) 到 .venv ……"; \
	if [ -e .venv/place ] && [ "$$(cat .venv/place)" != "$${stamp#* }" ]; then rm -rf .venv; fi; \
	[ -x $(BIN)/python ] || $(PYTHON) -m venv .venv; \
	echo "$${stamp#* }" > .venv/place; \
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --only-binary :all: --require-hashes -r $(1); \
	echo "$(CURDIR)/src" > "$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/shuniu.pth"; \
	printf '%s\n' '#!/bin/sh' 'exec "$${0%/*}/python" -m shuniu.project.main "$$@"' > $(BIN)/shuniu; \
	chmod +x $(BIN)/shuniu; \
	echo "$$stamp" > .venv/$(1).stamp; \
fi; \
$(BIN)/python -m compileall -q src
endef

# Browser tests drive Debian's chromium. Where it can neither be found nor installed they are skipped, and that is said.
browser:
	@set -e; \
	have() { command -v chromium >/dev/null && ls /usr/share/fonts/opentype/noto/NotoSansCJK-*.ttc >/dev/null 2>&1; }; \
	have && exit 0; \
	if [ "$$(id -u)" = 0 ]; then as_root=; elif sudo -n true 2>/dev/null; then as_root="sudo -n"; else as_root=no; fi; \
	if [ "$$as_root" != no ] && command -v apt-get >/dev/null; then \
		echo "installing: $(CHROMIUM_PACKAGES)"; \
		get="$$as_root env DEBIAN_FRONTEND=noninteractive apt-get -y -q"; \
		$$get install --no-install-recommends $(CHROMIUM_PACKAGES) || \
			{ $$get update && $$get install --no-install-recommends $(CHROMIUM_PACKAGES); } || true; \
	fi; \
	if ! have; then \
		echo "==========================================================================="; \
		echo "  NO CHROMIUM OR NO CHINESE FONTS: THE BROWSER TESTS WILL BE SKIPPED."; \
		echo "  Install them with:  apt-get install --no-install-recommends $(CHROMIUM_PACKAGES)"; \
		echo "==========================================================================="; \
	fi

clean:
	rm -rf .venv .mypy_cache .ruff_cache .import_linter_cache .hypothesis
