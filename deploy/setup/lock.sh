#!/bin/sh
# Renews the locked dependencies, with hashes, for every Python from 3.11 on. Needs uv (pip install uv).
set -eu
cd "$(dirname "$0")"
compile() { uv pip compile --quiet --upgrade --universal --generate-hashes --python-version 3.11 --no-header "$@"; }
compile requirements-build.in -o requirements-build.txt
compile ../../pyproject.toml -o requirements.txt
compile --group ../../pyproject.toml:dev ../../pyproject.toml -o requirements-dev.txt
compile --group ../../pyproject.toml:fuzz -o requirements-fuzz.txt
compile --group ../../pyproject.toml:audit -o requirements-audit.txt
