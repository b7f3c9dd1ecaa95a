#!/bin/sh
# Asks for holes that are known in the locked dependencies (pip-audit; it asks PyPI, so it needs the network). What
# could not be asked about is a failure too. Words given go to pip-audit, such as --ignore-vuln ID, -s osv.
set -eu
cd "$(dirname "$0")"
home=../../build/audit
[ -x "$home/bin/python" ] || python3 -m venv "$home"
"$home/bin/python" -m pip install --quiet --require-hashes -r requirements-audit.txt
failed=0
for list in requirements*.txt; do
  echo "$list"
  "$home/bin/pip-audit" --strict --require-hashes --disable-pip --progress-spinner off -r "$list" "$@" || failed=1
done
exit $failed
