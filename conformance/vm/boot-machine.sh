#!/bin/sh
# boot-machine.sh ROOT UPPER: boots the systemd of a root file system as the first process of its own namespaces (processes, mounts, network, host
# name, cgroups), as root. ROOT stays as it is: what changes goes below UPPER, so that the same UPPER again is the same machine rebooted.
set -eu
root=$1
upper=$2
group=tenon-machine-$$
if [ -e /sys/fs/cgroup/cgroup.controllers ]; then groups=/sys/fs/cgroup; else groups="/sys/fs/cgroup/systemd /sys/fs/cgroup/unified"; fi
for hierarchy in $groups; do
  mkdir -p "$hierarchy/$group"
  echo $$ >"$hierarchy/$group/cgroup.procs"
done
mkdir -p "$upper/changes" "$upper/work" "$upper/machine"
# shellcheck disable=SC2016
exec unshare --mount --uts --ipc --net --pid --cgroup --fork --kill-child --propagation private sh -eu -c '
  machine=$2/machine
  mount -t overlay -o "lowerdir=$1,upperdir=$2/changes,workdir=$2/work" overlay "$machine"
  mount -t proc proc "$machine/proc"
  mount -t sysfs -o ro sysfs "$machine/sys"
  mount -t tmpfs -o mode=755 tmpfs "$machine/dev"
  for device in null zero full random urandom tty; do
    touch "$machine/dev/$device"
    mount --bind "/dev/$device" "$machine/dev/$device"
  done
  mkdir "$machine/dev/pts" "$machine/dev/shm"
  mount -t devpts -o newinstance,ptmxmode=0666 devpts "$machine/dev/pts"
  ln -s pts/ptmx "$machine/dev/ptmx"
  ln -s /proc/self/fd "$machine/dev/fd"
  mount -t tmpfs -o mode=1777 tmpfs "$machine/dev/shm"
  mount -t tmpfs -o mode=755 tmpfs "$machine/run"
  mount -t tmpfs -o mode=1777 tmpfs "$machine/tmp"
  if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
    mount -t cgroup2 cgroup2 "$machine/sys/fs/cgroup"
  else
    mount -t tmpfs -o mode=755 tmpfs "$machine/sys/fs/cgroup"
    mkdir "$machine/sys/fs/cgroup/systemd" "$machine/sys/fs/cgroup/unified"
    mount -t cgroup -o none,name=systemd cgroup "$machine/sys/fs/cgroup/systemd"
    mount -t cgroup2 cgroup2 "$machine/sys/fs/cgroup/unified"
  fi
  hostname machine
  cd "$machine"
  mkdir -p .old
  pivot_root . .old
  umount -l /.old
  # Credentials of units are mounted where all of the machine sees them.
  mount --make-rshared /
  exec env -i container=tenon PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd </dev/null
' sh "$root" "$upper"
