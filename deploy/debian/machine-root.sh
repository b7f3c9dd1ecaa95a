#!/bin/sh
# The inside of machine.sh, process 1 of new namespaces: makes a root out of writable copies of this machine's system folders
# (overlays; nothing here is changed), enters it and turns into its systemd.
set -eu

layer=$1
name=$2
source=$3
root=$layer/root
mount -t tmpfs -o mode=755 none "$layer"
mkdir "$root"
mount -t tmpfs -o mode=755 none "$root"

over() {
    mkdir -p "$layer/upper/$2" "$layer/work/$2" "$root/$2"
    mount -t overlay none -o "lowerdir=$1,upperdir=$layer/upper/$2,workdir=$layer/work/$2" "$root/$2"
}
for folder in etc usr var opt home root; do over "/$folder" "$folder"; done
over "$source" root/source
for link in bin sbin lib lib32 lib64 libx32; do [ ! -L "/$link" ] || cp -P "/$link" "$root/"; done

mkdir -p "$root/proc" "$root/sys" "$root/dev" "$root/run" "$root/tmp" "$root/mnt" "$root/srv" "$root/.old"
chmod 1777 "$root/tmp"
mount -t proc proc "$root/proc"
# Read-only: by that systemd knows a container, and leaves udev and the kernel's settings alone.
mount -t sysfs -o ro sysfs "$root/sys"
mount -t tmpfs -o mode=755 tmpfs "$root/sys/fs/cgroup" 2>/dev/null || true
mount -t cgroup2 none "$root/sys/fs/cgroup"
mount -t tmpfs -o mode=755 tmpfs "$root/run"
# A /dev of its own with the harmless few.
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
mkdir "$root/dev/pts" "$root/dev/shm"
chmod 1777 "$root/dev/shm"
for device in "null 1 3" "zero 1 5" "full 1 7" "random 1 8" "urandom 1 9" "tty 5 0"; do
    set -- $device
    mknod -m 666 "$root/dev/$1" c "$2" "$3"
done
ln -s /proc/self/fd "$root/dev/fd"
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"

# What this machine starts of itself, mounts and refuses to start is not wanted there. An empty machine-id would mean a
# first boot, at which everything is enabled.
rm -rf "$root"/etc/systemd/system/*.wants "$root/usr/sbin/policy-rc.d" "$root/etc/fstab"
[ -s "$root/etc/machine-id" ] || tr -d - < /proc/sys/kernel/random/uuid > "$root/etc/machine-id"
cp -L --remove-destination /etc/resolv.conf "$root/etc/resolv.conf" 2>/dev/null || true
printf '127.0.0.1 localhost\n127.0.1.1 %s %s\n' "$name" "${name%%.*}" > "$root/etc/hosts"
echo "$name" > "$root/etc/hostname"
hostname "$name"
ip link set lo up

cd "$root"
pivot_root . .old
umount -l /.old
rmdir /.old
exec env -i container=vanthu-check PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    /lib/systemd/systemd --system --log-target=console --show-status=1 systemd.unit=multi-user.target
