#!/bin/sh
# Builds dist/vanthu_VERSION_ARCH.deb for the Debian (or Ubuntu) that it runs on: make deb
#
# An environment of Python names its own folder in every script, so it is built where it will live, /opt/vanthu, under a
# private mount that nobody else sees. Needs root, network for the pinned packages, and libmilter-dev with a compiler.
set -eu

here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
root=$(CDPATH= cd -- "$here/../.." && pwd)
[ "$(id -u)" = 0 ] || { echo "build.sh: needs root (a private mount of /opt)" >&2; exit 1; }
if [ "${1:-}" != inside ]; then
    exec unshare --mount --propagation private "$here/build.sh" inside "${1:-$root/dist}"
fi
out=$2
version=$(sed -n 's/^__version__ = "\(.*\)"/\1/p' "$root/milter/vanthu/__init__.py")
architecture=$(dpkg --print-architecture)
python=/usr/bin/python3
minor=$("$python" -c 'import sys; print(sys.version_info[1])')

[ -d /opt/vanthu ] || mkdir /opt/vanthu
mount -t tmpfs -o mode=755 none /opt/vanthu
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
"$python" -m venv /opt/vanthu
pip="/opt/vanthu/bin/python -m pip --quiet --disable-pip-version-check --no-input"
$pip install --require-hashes -r "$root/deploy/setup/requirements-build.txt"
$pip install --no-build-isolation --require-hashes -r "$root/deploy/setup/requirements.txt"
$pip install --no-build-isolation --no-deps "$root"
$pip uninstall --yes --quiet hatchling wheel setuptools
$pip uninstall --yes --quiet pip
cp -r "$root/docs" "$root/policies" "$root/LICENSE" "$root/CHANGELOG.md" "$root/README.md" \
    "$root/README.vi.md" "$root/SECURITY.md" /opt/vanthu/
mkdir /opt/vanthu/deploy
for part in postfix prometheus grafana systemd; do cp -r "$root/deploy/$part" /opt/vanthu/deploy/; done
find /opt/vanthu -depth \( -name __pycache__ -o -name .mypy_cache \) -exec rm -rf {} +
# olefile carries a module for Python 2 beside its own.
"$python" -m compileall -q -j 0 -x olefile2 --invalidation-mode unchecked-hash /opt/vanthu/lib

mkdir -p "$tree/opt" "$tree/usr/bin" "$tree/etc/vanthu" "$tree/lib/systemd/system" \
    "$tree/usr/lib/sysusers.d" "$tree/usr/lib/tmpfiles.d" "$tree/DEBIAN"
cp -a /opt/vanthu "$tree/opt/"
ln -s /opt/vanthu/bin/vanthu "$tree/usr/bin/vanthu"
for unit in vanthu.service vanthu-hold.socket vanthu-hold@.service; do
    install -m 0644 "$root/deploy/systemd/$unit" "$tree/lib/systemd/system/$unit"
done
install -m 0644 "$root/deploy/systemd/vanthu.sysusers.conf" "$tree/usr/lib/sysusers.d/vanthu.conf"
install -m 0644 "$root/deploy/systemd/vanthu.tmpfiles.conf" "$tree/usr/lib/tmpfiles.d/vanthu.conf"
# A chrooted Postfix sees its own queue folder only.
sed 's|^  socket: .*|  socket: unix:/var/spool/postfix/vanthu/milter.sock|' "$root/policies/vanthu.yaml" \
    > "$tree/etc/vanthu/vanthu.yaml"
chmod 0640 "$tree/etc/vanthu/vanthu.yaml"
echo /etc/vanthu/vanthu.yaml > "$tree/DEBIAN/conffiles"
for script in postinst prerm postrm; do install -m 0755 "$here/$script" "$tree/DEBIAN/$script"; done
size=$(du -sk --exclude=DEBIAN "$tree" | cut -f1)
sed -e "s/@VERSION@/$version/" -e "s/@ARCHITECTURE@/$architecture/" -e "s/@SIZE@/$size/" \
    -e "s/@PYTHON@/3.$minor/" -e "s/@NEXT@/3.$((minor + 1))/" "$here/control.in" > "$tree/DEBIAN/control"
mkdir -p "$out"
dpkg-deb --root-owner-group -Zxz -z1 --build "$tree" "$out/vanthu_${version}_${architecture}.deb"
