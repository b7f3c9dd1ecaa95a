#!/bin/sh
# Tries a package on a machine of its own (namespaces, writable copies of system folders; nothing here is changed):
# install, connect a stock Postfix, judge a mail, upgrade, remove, purge. make deb-check
#
# There is no systemd inside: what postinst does with it is not tried here, the daemon is started by hand.
set -eu

deb=$(readlink -f "$1")
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
if [ "${2:-}" != inside ]; then
    exec unshare --mount --net --pid --uts --fork --kill-child --mount-proc --propagation private \
        "$here/check.sh" "$deb" inside
fi

say() { echo "== $*"; }
die() { echo "FAILED: $*" >&2; exit 1; }
ip link set lo up
hostname mail
layer=$(mktemp -d)
mount -t tmpfs none "$layer"
for folder in etc usr var opt home run root; do
    mkdir -p "$layer/$folder/upper" "$layer/$folder/work"
    mount -t overlay none -o "lowerdir=/$folder,upperdir=$layer/$folder/upper,workdir=$layer/$folder/work" "/$folder"
done
# No service may be started by a package here.
printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d
chmod 755 /usr/sbin/policy-rc.d
rm -rf /run/systemd/system

send() {
    python3 - "$1" "$2" <<'PYTHON'
import smtplib, sys
with smtplib.SMTP("127.0.0.1", int(sys.argv[1]), timeout=60) as client:
    client.sendmail("an@x.gov.vn", ["b@y.gov.vn"], f"From: an@x.gov.vn\r\nSubject: {sys.argv[2]}\r\n\r\nchao\r\n")
PYTHON
}
wait_for() { for _ in $(seq 300); do if "$@" >/dev/null 2>&1; then return 0; fi; sleep 0.1; done; die "waited for: $*"; }
start() {
    setpriv --reuid=vanthu --regid=vanthu --clear-groups /usr/bin/vanthu run > /tmp/vanthu.log 2>&1 &
    daemon=$!
    wait_for vanthu status
}

say "install"
dpkg --force-depends -i "$deb"
vanthu --version
[ "$(stat -c %a:%G /var/spool/postfix/vanthu)" = 2750:postfix ] || die "folder of the socket"
[ "$(stat -c %a:%G /etc/vanthu/vanthu.yaml)" = 640:vanthu ] || die "mode of the settings"
sed -i 's/^installation: .*/installation: quangngai/; s/^  domains: \[\]$/  domains: [x.gov.vn]/' /etc/vanthu/vanthu.yaml
vanthu check
systemd-analyze verify /lib/systemd/system/vanthu.service

say "connect a stock Postfix, and judge a mail"
start
postconf -e 'maillog_file = /var/log/mail.log' 'relayhost = [127.0.0.1]:9'
/opt/vanthu/deploy/postfix/submission.py apply --service smtp/inet >/dev/null
postfix start
send 25 first
wait_for sh -c 'vanthu journal tail | grep -q "accept.*b@y.gov.vn"'
curl -sf http://127.0.0.1:9464/readyz
vanthu doctor || true

say "what README tells to type"
cd /root
printf 'From: annv@soyte.example.gov.vn\nTo: ai@gmail.com\nSubject: chao\n\nKinh gui\n' > letter.eml
grep -hE '^ +(vanthu (facts|explain|providers|status)|/opt/vanthu/deploy/postfix/submission.py show)' /opt/vanthu/README.md |
    while read -r line; do
        echo "$line"
        # Port 25 is where users of this small machine submit.
        sh -c "$(echo "$line" | sed 's/submission.py show/& --service smtp\/inet/')" >/dev/null || die "README: $line"
    done


say "upgrade keeps the settings"
before=$(sha256sum /etc/vanthu/vanthu.yaml)
dpkg --force-depends -i "$deb"
[ "$before" = "$(sha256sum /etc/vanthu/vanthu.yaml)" ] || die "settings were changed"
kill -USR2 "$daemon"  # what postinst tells systemd to send
wait_for sh -c '[ "$(grep -c " started " /tmp/vanthu.log)" = 2 ]'
kill -0 "$daemon" || die "the upgrade ended the daemon"
send 25 second
wait_for sh -c '[ "$(vanthu journal tail | grep -c "accept.*b@y.gov.vn")" = 2 ]'
kill "$daemon"
wait "$daemon" || die "the drain ended with $?"
start

say "remove: Postfix works without us, settings and journal stay"
dpkg -r vanthu
kill "$daemon" 2>/dev/null || true
wait "$daemon" 2>/dev/null || true
wait_for send 25 third
[ -e /etc/vanthu/vanthu.yaml ] && [ -d /var/lib/vanthu/journal ] || die "removal took too much"
[ ! -e /opt/vanthu/bin/vanthu ] || die "removal left the program"
postfix check

say "purge"
dpkg -P vanthu
[ ! -e /var/lib/vanthu ] && [ ! -e /etc/vanthu ] && [ ! -e /opt/vanthu ] || die "purge left something: $(ls -d /opt/vanthu /etc/vanthu /var/lib/vanthu 2>/dev/null)"
send 25 fourth
postfix stop
say "all well"
