# A machine with a systemd of its own, made of namespaces over this one; read by check.sh, check-by-hand.sh and
# check-demo.sh as their first act, which name this folder in $here.
# Needs root. It has no network but its loopback; what fetches packages goes by the network of this machine (online).

root=$(CDPATH= cd -- "$here/../.." && pwd)
. "$here/operator.sh"

[ "$(id -u)" = 0 ] || { echo "$0: needs root (namespaces)" >&2; exit 1; }
# Before anything else: a private mount namespace, so that what is mounted here ends with the script.
[ "${VANTHU_CHECK:-}" = mine ] || VANTHU_CHECK=mine exec unshare --mount --propagation private "$0" "$@"

say() { echo "== $* (at $(($(date +%s) - began)) s)"; }
die() { echo "FAILED: $*" >&2; exit 1; }
wait_for() {
    for _ in $(seq 600); do if inside "$1" >/dev/null 2>&1; then return 0; fi; sleep 0.2; done
    die "waited two minutes for: $1"
}

# machine NAME: boots, waits until systemd says that all is up, and ends it when the script ends.
machine() {
    began=$(date +%s)
    layer=$(mktemp -d -t vanthu-check.XXXXXX)
    group_root=$(mktemp -d -t vanthu-check.XXXXXX)
    mount -t cgroup2 none "$group_root"
    # A control group of its own, or its systemd would sort the processes of this machine.
    group=$group_root/vanthu-check.$$
    mkdir "$group"
    sh -c 'echo 0 > "$1/cgroup.procs"; shift; exec "$@"' sh "$group" \
        unshare --mount --net --pid --uts --ipc --cgroup --fork --kill-child --propagation private \
        "$here/machine-root.sh" "$layer" "$1" "$root" > "$layer.log" 2>&1 < /dev/null &
    unshared=$!
    trap end_machine EXIT
    trap 'exit 1' INT TERM
    for _ in $(seq 100); do
        init=$(cat "/proc/$unshared/task/$unshared/children" 2>/dev/null | tr -d ' ')
        [ "$(cat "/proc/${init:-none}/comm" 2>/dev/null)" != systemd ] || break
        sleep 0.1
    done
    [ "$(cat "/proc/${init:-none}/comm" 2>/dev/null)" = systemd ] || { cat "$layer.log" >&2; die "systemd did not start"; }
    wait_for '[ -S /run/systemd/private ]'
    state=$(inside 'timeout 180 systemctl is-system-running --wait' || true)
    # Units that cannot work without a kernel of their own may have failed; the script looks at those that matter.
    say "$1 has booted: $state" "$(inside 'systemctl list-units --failed --plain --no-legend' | cut -d' ' -f1 | tr '\n' ' ')"
}

end_machine() {
    kill -KILL "$unshared" 2>/dev/null || true
    wait "$unshared" 2>/dev/null || true
    for _ in $(seq 50); do
        find "$group" -depth -type d -exec rmdir {} + 2>/dev/null || true
        [ -d "$group" ] || break
        sleep 0.1
    done
    umount "$group_root" || true
    rmdir "$group_root" "$layer" || true
    rm -f "$layer".*
}

path=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
place=/root
inside() {
    nsenter --target "$init" --mount --uts --ipc --net --pid --cgroup \
        env -i PATH=$path HOME=/root LANG=C.UTF-8 TERM=dumb sh -ec "cd $place; $1"
}
online() {
    nsenter --target "$init" --mount --uts --ipc --pid --cgroup \
        env PATH=$path HOME=/root LANG=C.UTF-8 TERM=dumb DEBIAN_FRONTEND=noninteractive sh -ec "cd $place; $1"
}

# typed [online|inside] PAGE LINE: the line stands in that page, and works as it stands.
# tests/deploy/test_typed.py reads these calls: no command of README.md and docs/install.md may be missing.
typed() {
    sed 's/^ *//' "$root/$2" | grep -qxF -- "$3" || die "$2 has no line: $3"
    echo "   $2: $3"
    quiet "$1" "$3"
}
# What it prints is seen only if it fails.
quiet() { "$@" > "$layer.said" 2>&1 || { cat "$layer.said" >&2; die "$*"; }; }
