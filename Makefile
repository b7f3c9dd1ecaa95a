# Everything a developer or a newcomer types. Every target first sees to it that .venv is there.
SHELL := /bin/sh
.DEFAULT_GOAL := help
bin := .venv/bin
PYTEST_WORKERS ?= 4
FUZZ_SECONDS ?= 5
FUZZ_JOBS ?= $(shell nproc)
FUZZ_SEED ?= 0
ROUNDS ?= 5
MESSAGES ?= 500000

.PHONY: help setup demo test check bench accuracy fuzz mutate chaos soak deb deb-check fmt lock audit providers

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 12

setup:  ## install what is missing (apt packages, .venv); quick when there is nothing to do
	@deploy/setup/setup.sh

demo: setup  ## a private Postfix, the daemon and a sink on loopback: see what the filter does
	@$(bin)/python deploy/demo/demo.py

test: setup  ## all tests, real servers included
	@$(bin)/python -m pytest -n $(PYTEST_WORKERS)

check: setup  ## ruff, mypy, import floors, shipped policies, alert rules
	@$(bin)/ruff check
	@$(bin)/ruff format --check
	@$(bin)/mypy
	@$(bin)/lint-imports --no-cache
	@$(bin)/vanthu check --strict policies
	@$(bin)/vanthu test --strict policies
	@promtool check rules deploy/prometheus/*.rules.yml
	@promtool test rules deploy/prometheus/tests/*.yml

bench: setup  ## speed beside a no-op pymilter, a no-op C milter and rspamd, as ratios; writes bench.json
	@$(bin)/python tests/bench/run.py

accuracy: setup  ## what the recognisers find, miss and wrongly report, with 95 % intervals; ROOT=DIR: more negatives
	@$(bin)/python tests/accuracy/run.py $(if $(ROOT),--root $(ROOT))

fuzz: setup  ## feed hostile bytes to everything that reads them, FUZZ_SECONDS (5) each, FUZZ_JOBS at a time
	@$(bin)/python tests/fuzz/run.py --seconds $(FUZZ_SECONDS) --jobs $(FUZZ_JOBS) --seed $(FUZZ_SEED)

mutate: setup  ## change decide and the policy loader a little, everywhere: do the tests notice? (half an hour)
	@$(bin)/python tests/mutation/run.py

deb: setup  ## an installable package in dist/, with its own Python environment (needs root)
	@deploy/debian/build.sh

deb-check: deb  ## the first hour with that package, by hand, and the demo, on machines of namespaces with systemd
	@deploy/debian/check.sh dist/vanthu_*_$$(dpkg --print-architecture).deb
	@deploy/debian/check-by-hand.sh
	@deploy/debian/check-demo.sh

chaos: setup  ## ROUNDS (5) of load in which anything may break, each ended by an accountant; SEED=N has them again
	@$(bin)/python tests/chaos/run.py --rounds $(ROUNDS) $(if $(SEED),--seed $(SEED))

soak: setup  ## MESSAGES (500000) mixed mails; memory, descriptors and latency over time into build/soak
	@$(bin)/python tests/soak/run.py --messages $(MESSAGES)

fmt: setup  ## format and mend what can be mended
	@$(bin)/ruff check --fix
	@$(bin)/ruff format

lock: setup  ## renew the locked dependencies (needs uv)
	@deploy/setup/lock.sh

audit:  ## known holes in the locked dependencies (asks PyPI, so not part of check)
	@deploy/setup/audit.sh

providers: setup  ## renew the carried lists of mail providers
	@$(bin)/python policies/providers/refresh.py
