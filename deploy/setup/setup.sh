#!/bin/sh
# Makes .venv and installs the packages of packages.txt that are missing. Quick when there is nothing to do:
# a stamp in .venv holds the digest of everything that decides what is installed.
set -eu

here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
root=$(CDPATH= cd -- "$here/../.." && pwd)
venv="$root/.venv"
python=${PYTHON:-python3}

wanted() { sed -e 's/#.*//' -e '/^[[:space:]]*$/d' -e 's/[[:space:]]//g' "$here/packages.txt"; }

missing() {
    for package in $(wanted); do
        dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || echo "$package"
    done
}

refuse_other_mta() {
    [ "${FORCE:-}" = 1 ] && return
    for mta in exim4-daemon-light exim4-daemon-heavy sendmail-bin opensmtpd nullmailer msmtp-mta dma; do
        if dpkg-query -W -f '${db:Status-Status}' "$mta" 2>/dev/null | grep -qx installed; then
            echo "setup: $mta is installed here and Postfix would replace it; use another machine, or FORCE=1" >&2
            exit 1
        fi
    done
}

install_packages() {
    [ "$(id -u)" = 0 ] || { echo "setup: needs root to install:" "$@" >&2; exit 1; }
    echo "setup: installing" "$@"
    # No service may start while its package is installed: a policy of our own says so, for this time only.
    guard=/usr/sbin/policy-rc.d
    if [ ! -e "$guard" ]; then
        printf '#!/bin/sh\nexit 101\n' > "$guard" && chmod 755 "$guard"
        trap 'rm -f "$guard"' EXIT INT TERM
    fi
    echo 'postfix postfix/main_mailer_type select No configuration' | debconf-set-selections
    apt-get -qq update
    DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 install -y --no-install-recommends "$@" >/dev/null
    rm -f "$guard"
    trap - EXIT INT TERM
}

# Whether .venv is of the Python that is asked for, and of this place (scripts in it name their folder).
usable() {
    version='import sys; print(*sys.version_info[:2])'
    [ "$("$venv/bin/python" -c "$version" 2>/dev/null || true)" = "$("$python" -c "$version")" ] &&
        [ "$(sed 's/.* //' "$venv/stamp" 2>/dev/null || true)" = "$root" ]
}

build_venv() {
    stamp=$(cat "$root/pyproject.toml" "$root/milter/vanthu/__init__.py" "$here"/requirements*.txt | sha256sum | cut -c1-16)
    if [ "$(cat "$venv/stamp" 2>/dev/null || true)" = "$stamp $root" ] && "$venv/bin/python" -c '' 2>/dev/null; then
        return
    fi
    echo "setup: building .venv"
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
        echo "setup: $python is older than 3.11; name a newer one: make PYTHON=python3.12 ..." >&2
        exit 1
    }
    # An environment that works is brought up to date in place: other work may be running in it.
    usable || { rm -rf "$venv"; "$python" -m venv "$venv"; }
    pip="$venv/bin/python -m pip --quiet --disable-pip-version-check"
    $pip install --require-hashes -r "$here/requirements-build.txt"
    # pymilter comes as source: it is built with the setuptools just installed, nothing else is fetched.
    $pip install --no-build-isolation --require-hashes -r "$here/requirements-dev.txt"
    $pip install --no-build-isolation --no-deps --editable "$root"
    echo "$stamp $root" > "$venv/stamp"
}

lacking=$(missing)
if [ -n "$lacking" ]; then
    refuse_other_mta
    # shellcheck disable=SC2086
    install_packages $lacking
fi
build_venv
