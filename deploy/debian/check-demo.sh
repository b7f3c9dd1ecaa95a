#!/bin/sh
# The first command of README.md, on a machine of its own with nothing but the source (machine.sh; nothing here is changed).
set -eu

here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
. "$here/machine.sh"

machine demo.quangngai.gov.vn
place=/root/source
say "the demo"
# What it fetches first comes by the network of this machine; then it runs without any.
inside 'rm -rf .venv'
quiet online 'make setup'
say "packages are there"
typed inside README.md "make demo"
letters=$(grep -cE '^ *[0-9]+\. ' "$layer.said")
[ "$letters" -ge 13 ] || { cat "$layer.said" >&2; die "the demo showed $letters letters"; }
say "all well: $letters letters"
