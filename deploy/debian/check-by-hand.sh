#!/bin/sh
# The part "By hand" of docs/install.md, from the first line to the last, on a machine of its own with systemd and a stock
# Postfix (machine.sh; nothing here is changed). Needs the network of this machine, by which pip fetches packages.
set -eu

here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
. "$here/machine.sh"

machine mail.quangngai.gov.vn
stock_postfix
# The folder of the unpacked source.
place=/root/source

say "by hand: the program"
hour=$(date +%s)
inside 'rm -rf /opt/vanthu; ! command -v vanthu' || die "vanthu is here already"
typed online docs/install.md "apt-get install -y python3-venv python3-dev gcc libc6-dev libmilter-dev"
typed inside docs/install.md "python3 -m venv /opt/vanthu"
typed online docs/install.md "/opt/vanthu/bin/pip install --require-hashes -r deploy/setup/requirements-build.txt"
typed online docs/install.md \
    "/opt/vanthu/bin/pip install --no-build-isolation --require-hashes -r deploy/setup/requirements.txt"
typed online docs/install.md "/opt/vanthu/bin/pip install --no-build-isolation --no-deps ."
typed inside docs/install.md "cp -r deploy /opt/vanthu/"
typed inside docs/install.md "ln -sf /opt/vanthu/bin/vanthu /usr/local/bin/vanthu"
typed inside docs/install.md "vanthu --version"

say "user, folders, service"
typed inside docs/install.md "install -m 0644 deploy/systemd/vanthu.sysusers.conf /usr/lib/sysusers.d/vanthu.conf"
typed inside docs/install.md "install -m 0644 deploy/systemd/vanthu.tmpfiles.conf /usr/lib/tmpfiles.d/vanthu.conf"
typed inside docs/install.md "install -m 0644 deploy/systemd/vanthu.service /etc/systemd/system/vanthu.service"
typed inside docs/install.md "systemd-sysusers"
typed inside docs/install.md "systemd-tmpfiles --create vanthu.conf"
typed inside docs/install.md "systemctl daemon-reload"

say "settings, start"
typed inside docs/install.md "install -m 0640 -g vanthu policies/vanthu.yaml /etc/vanthu/vanthu.yaml"
settings
typed inside docs/install.md "vanthu check"
typed inside docs/install.md "systemctl enable --now vanthu"
wait_for 'vanthu status'
typed inside docs/install.md "vanthu status"
typed inside docs/install.md "curl -s http://127.0.0.1:9464/readyz"

say "connect Postfix; the first letter is judged; doctor"
submission_port
quiet inside '/opt/vanthu/deploy/postfix/submission.py apply && postfix reload'
letter first > /dev/null
[ "$(judged)" = 1 ] || die "the journal has not one letter"
[ "$(inside 'vanthu doctor --json')" = "[]" ] || { inside 'vanthu doctor'; die "doctor found something"; }
say "by hand: installed, connected, judged, doctor green: $(($(date +%s) - hour)) s of machine time"

say "change, remove"
typed inside docs/install.md "vanthu check && systemctl reload vanthu"
typed inside docs/install.md "/opt/vanthu/deploy/postfix/submission.py undo && postfix reload"
typed inside docs/install.md "systemctl disable --now vanthu"
typed inside docs/install.md "rm -r /opt/vanthu /usr/local/bin/vanthu /etc/systemd/system/vanthu.service"
typed inside docs/install.md "rm /usr/lib/sysusers.d/vanthu.conf /usr/lib/tmpfiles.d/vanthu.conf"
letter removed > /dev/null
wait_for "grep -q '^Subject: removed' /var/mail/clerk"
inside '[ -e /etc/vanthu/vanthu.yaml ] && [ -d /var/lib/vanthu/journal ]' || die "removal took too much"
say "all well"
