#!/bin/sh
# check.sh PACKAGE: the first hour of a new operator, and what comes after it, on a machine of its own with systemd and a
# stock Postfix (machine.sh; nothing here is changed). Commands are those of README.md and docs/, as they stand there.
set -eu

deb=$(readlink -f "$1")
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
. "$here/machine.sh"

machine mail.quangngai.gov.vn
stock_postfix
name=$(sed -n 's|^ *apt-get install -y \./\(vanthu_.*\.deb\)$|\1|p' "$root/docs/install.md")
inside "cat > $name" < "$deb"

say "the first hour: install"
hour=$(date +%s)
typed online docs/install.md "apt-get install -y ./vanthu_0.1.0_amd64.deb"
wait_for 'vanthu status'
inside '[ "$(stat -c %a:%G /var/spool/postfix/vanthu)" = 2750:postfix ]' || die "folder of the socket"
inside '[ "$(stat -c %a:%G /etc/vanthu/vanthu.yaml)" = 640:vanthu ]' || die "mode of the settings"
inside 'systemctl is-active vanthu && systemctl is-enabled vanthu'
main_pid() { inside 'systemctl show --property MainPID --value vanthu'; }
inside "grep -E '^(CapEff|NoNewPrivs|Seccomp):' /proc/$(main_pid)/status"
settings
typed inside docs/install.md "vanthu check"
typed inside docs/install.md "vanthu check && systemctl reload vanthu"
# The steward of the old generation ends before that of the new one begins.
wait_for 'vanthu status'
typed inside docs/install.md "vanthu status"
typed inside docs/install.md "curl -s http://127.0.0.1:9464/readyz"

say "ask what it would see"
inside 'printf "From: annv@soyte.example.gov.vn\nTo: ai@gmail.com\nSubject: chao\n\nKinh gui\n" > letter.eml'
typed inside README.md "vanthu facts --login annv@soyte.example.gov.vn letter.eml"
typed inside README.md "vanthu explain --login annv@soyte.example.gov.vn letter.eml"
typed inside README.md "vanthu providers lookup gmail.com mail.example.com"

say "connect Postfix; the first letter is judged; doctor"
submission_port
typed inside README.md "/opt/vanthu/deploy/postfix/submission.py show"
typed inside README.md "/opt/vanthu/deploy/postfix/submission.py apply && postfix reload"
typed inside README.md "vanthu status"
# --follow does not end of itself: 124 is how timeout(1) says that it ended it.
following() { inside "timeout 20 $1 > followed || [ \$? = 124 ]; grep -q clerk@ followed"; }
letter first > /dev/null &
typed following README.md "vanthu journal tail --follow"
wait $!
[ "$(judged)" = 1 ] || die "the journal has not one letter"
typed inside README.md "vanthu doctor"
[ "$(inside 'vanthu doctor --json')" = "[]" ] || { inside 'vanthu doctor'; die "doctor found something"; }
echo "   $(inside 'vanthu doctor')"
say "installed, connected, judged, doctor green: $(($(date +%s) - hour)) s of machine time"

say "metrics in Prometheus"
quiet inside 'systemctl enable --now prometheus
    sed -n "/^scrape_configs:/,\$ {/^scrape_configs:/d; p}" /opt/vanthu/deploy/prometheus/scrape.yml >> /etc/prometheus/prometheus.yml
    sed -i "s/^rule_files:.*/rule_files: [vanthu.rules.yml]/" /etc/prometheus/prometheus.yml'
typed inside docs/prometheus.md "install -m 0644 /opt/vanthu/deploy/prometheus/vanthu.rules.yml /etc/prometheus/vanthu.rules.yml"
typed inside docs/prometheus.md "promtool check rules /etc/prometheus/vanthu.rules.yml"
typed inside docs/prometheus.md "promtool check config /etc/prometheus/prometheus.yml"
typed inside docs/prometheus.md "systemctl reload prometheus"
typed inside docs/prometheus.md "curl -s http://127.0.0.1:9464/metrics | promtool check metrics"
ask() { echo "curl -sG http://127.0.0.1:9090/api/v1/query --data-urlencode 'query=$1'"; }
wait_for "$(ask 'up{job="vanthu"} == 1') | grep '\"job\":\"vanthu\"'"
wait_for "$(ask 'sum(vanthu_messages_total{job="vanthu"}) == 1') | grep '\"1\"'"
inside "$(ask 'vanthu_messages_total{job="vanthu"}')"
echo
say "the first hour took $(($(date +%s) - hour)) s of machine time, metrics in Prometheus included"

say "reload, restart, kill"
before=$(main_pid)
inside 'systemctl reload vanthu'
wait_for 'vanthu journal tail && vanthu status'
[ "$(main_pid)" = "$before" ] || die "a reload ended the daemon"
letter reloaded > /dev/null
inside 'systemctl restart vanthu'
[ "$(main_pid)" != "$before" ] || die "a restart kept the daemon"
letter restarted > /dev/null
inside 'systemctl kill --kill-whom=main --signal=KILL vanthu'
wait_for 'systemctl is-active vanthu && vanthu status'
[ "$(inside 'systemctl show --property NRestarts --value vanthu')" = 1 ] || die "systemd did not start it again"
letter killed > /dev/null
[ "$(judged)" = 4 ] || die "letters after reload, restart and kill"

say "mail on hold is freed by the helper's socket"
typed inside docs/hold.md "systemctl enable --now vanthu-hold.socket"
inside "sed -i 's|^  helper: null|  helper: unix:/run/vanthu-hold.sock|' /etc/vanthu/vanthu.yaml
    vanthu check >/dev/null; systemctl reload vanthu; sendmail -f root away@example.invalid < letter.eml"
wait_for 'postqueue -j | grep -q deferred'
held=$(inside "postqueue -j | sed 's/.*\"queue_id\": \"\([^\"]*\)\".*/\1/'")
quiet inside "postsuper -h $held"
# What sudo does for somebody of the group that docs/hold.md names.
freed="setpriv --reuid vanthu --regid vanthu-hold --groups vanthu /opt/vanthu/bin/vanthu hold"
inside "$freed list" | sed 's/^/   /'
quiet inside "$freed release $held --why 'agreed by phone'"
[ -z "$(inside 'find /var/spool/postfix/hold -type f')" ] || die "the mail is still on hold"
quiet inside "postsuper -d $held"

say "upgrade while letters are sent: the same process goes on, nobody hears of it, settings stay"
before=$(main_pid)
starts='$(journalctl -u vanthu | grep -c " started ")'
after=$(($(inside "echo $starts") + 1))
files=$(inside 'sha256sum /etc/vanthu/*')
newer=${name%%_*}_9.0_${name##*_}
quiet inside "dpkg-deb -R $name newer; sed -i 's/^Version: .*/Version: 9.0/' newer/DEBIAN/control
    dpkg-deb -Znone --build newer $newer; rm -r newer"
letter upgrading /root/stop > "$layer.sent" &
sender=$!
# docs/upgrade.md, with the name of the newer package.
quiet online "apt-get install -y ./$newer"
wait_for "[ $starts = $after ]"
inside 'sleep 5; touch stop'
wait "$sender" || die "a letter was refused during the upgrade"
echo "   $(cat "$layer.sent") letters, each with 250; version $(inside 'dpkg-query -W -f \${Version} vanthu')"
[ "$(main_pid)" = "$before" ] || die "the upgrade ended the daemon"
[ "$files" = "$(inside 'sha256sum /etc/vanthu/*')" ] || die "settings were changed"
[ "$(judged)" = $((4 + $(cat "$layer.sent"))) ] || die "not every letter has a record"
typed inside docs/upgrade.md "vanthu status"
typed inside docs/upgrade.md "vanthu doctor"

say "remove: Postfix works without us, settings and journal stay"
quiet online 'apt-get remove -y vanthu'
letter removed > /dev/null
inside '[ -e /etc/vanthu/vanthu.yaml ] && [ -d /var/lib/vanthu/journal ]' || die "removal took too much"
inside '[ ! -e /opt/vanthu/bin/vanthu ] && ! systemctl is-active --quiet vanthu' || die "removal left the program"
inside 'postfix check'

say "installed again: the service is in use again"
quiet online "apt-get install -y ./$newer"
inside 'systemctl is-active --quiet vanthu && systemctl is-enabled --quiet vanthu' || die "the service was not taken up again"
quiet online 'apt-get remove -y vanthu'

say "purge"
quiet online 'apt-get purge -y vanthu'
inside 'for left in /opt/vanthu /etc/vanthu /var/lib/vanthu /var/spool/postfix/vanthu; do [ ! -e $left ] || { ls -R $left; exit 1; }; done' ||
    die "purge left something"
letter purged > /dev/null
wait_for "[ \"\$(grep -c '^Subject: purged' /var/mail/clerk)\" = 1 ]"
say "all well"
