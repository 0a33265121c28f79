// `host.sh`: what happens on a host, as root.

export const hostScript = `#!/bin/sh
# Runs as root on a host and brings releases in and out; install.sh, upgrade.sh and rollback.sh call it. By hand: host.sh status.
#
#   host.sh prepare        users, folders, keys that nobody has to choose; says which credentials are missing
#   host.sh bring-in ID    migrates, starts the release beside the one that serves, switches when it is ready, stops the other
#   host.sh go-back [ID]   the same without migrations, to a release that is still here; without an ID to the one before
#   host.sh status         which release serves, and how its processes are
#   host.sh wake           starts the current release
set -eu
umask 022
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=settings.sh
. "$here/settings.sh"

home=/opt/$app
etc=/etc/$app
units=/etc/systemd/system

say() { printf '%s: %s\\n' "$(hostname)" "$*"; }
die() {
  printf '%s: %s\\n' "$(hostname)" "$*" >&2
  exit 1
}

current() { [ ! -L "$home/current" ] || basename "$(readlink "$home/current")"; }

prepare() {
  install -D -m 0644 "$here/sysusers.conf" "/etc/sysusers.d/$app.conf"
  systemd-sysusers "/etc/sysusers.d/$app.conf"
  install -d -m 0755 "$home" "$home/releases" "$etc" "/var/lib/$app"
  install -d -m 0700 "$etc/credentials"
  for name in $own_credentials; do
    [ -s "$etc/credentials/$name" ] || random_text >"$etc/credentials/$name"
  done
  missing=
  for name in $credentials; do
    [ -s "$etc/credentials/$name" ] || missing="$missing $etc/credentials/$name"
  done
  if [ -n "$tls_user" ]; then
    install -d -m 0755 "/var/lib/$app/acme"
    install -d -m 0500 -o "$tls_user" "$etc/tls"
    for name in cert.pem key.pem; do
      if [ ! -s "$etc/tls/$name" ]; then missing="$missing $etc/tls/$name"; continue; fi
      chown "$tls_user" "$etc/tls/$name"
      chmod 0400 "$etc/tls/$name"
    done
  fi
  find "$etc/credentials" -type f -exec chmod 0400 {} +
  [ -z "$missing" ] && return
  say "these files are missing or empty; write each value into its file:" >&2
  for name in $missing; do printf '  %s\\n' "$name" >&2; done
  exit 1
}

random_text() { od -An -N 32 -tx1 /dev/urandom | tr -d ' \\n'; }

# A release brings its own Node, or takes that of the host, or else that of the release before it.
find_node() {
  if [ ! -x "$1/bin/node" ]; then
    install -d -m 0755 "$1/bin"
    if node=$(command -v node); then
      ln -s "$(readlink -f "$node")" "$1/bin/node"
    elif [ -x "$home/current/bin/node" ]; then
      cp "$home/current/bin/node" "$1/bin/node"
    else
      die "there is no Node here: install it, or give --node FILE"
    fi
  fi
  "$1/bin/node" -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)' ||
    die "$1/bin/node is older than 20.19, or does not run here"
}

install_units() {
  changed_sockets=
  for file in "$1"/systemd/*; do
    name=$(basename "$file")
    cmp -s "$file" "$units/$name" && continue
    case $name in *.socket) [ ! -e "$units/$name" ] || changed_sockets="$changed_sockets $name" ;; esac
    install -m 0644 "$file" "$units/$name"
  done
  systemctl daemon-reload
}

# Units that this release does not have any more.
remove_old_units() {
  if [ -e "$home/units" ]; then
    while read -r name; do
      [ -e "$1/systemd/$name" ] && continue
      case $name in *@*) ;; *) systemctl disable --now --quiet "$name" || true ;; esac
      rm -f "$units/$name"
    done <"$home/units"
  fi
  for file in "$1"/systemd/*; do basename "$file"; done >"$home/units"
  systemctl daemon-reload
}

state_of() { systemctl is-active "$1" || true; }

# Waits until all processes of a release are ready; fails as soon as one of them has ended.
start_release() {
  systemctl start --no-block "$app@$1.target"
  waited=0
  while :; do
    pending=
    for process in $processes; do
      unit=$app-$process@$1.service
      state=$(state_of "$unit")
      [ "$state" = active ] && continue
      pending="$pending $process"
      if [ "$state" = failed ] || [ "$(systemctl show -p NRestarts --value "$unit")" != 0 ]; then
        say "$process has ended:" >&2
        journalctl --no-pager -n 20 -o cat -u "$unit" >&2 || true
        return 1
      fi
    done
    [ -z "$pending" ] && return 0
    waited=$((waited + 1))
    if [ "$waited" -gt "$((start_seconds * 5))" ]; then
      say "not ready after $start_seconds s:$pending" >&2
      return 1
    fi
    sleep 0.2
  done
}

# RELEASE MIGRATE, the latter "yes" or empty.
switch_to() {
  id=$1
  release=$home/releases/$id
  before=$(current)
  [ -d "$release" ] || die "there is no release $id here; there are: $(cd "$home/releases" && echo *)"
  [ "$id" != "$before" ] || die "release $id serves already"
  find_node "$release"
  install_units "$release/deploy"
  if ! { migrate "$2" && open_sockets && start_release "$id"; }; then
    give_up "$id"
    if [ -n "$before" ]; then install_units "$home/releases/$before/deploy"; fi
    die "release $id does not run; \${before:-nothing} serves on"
  fi
  ln -sfn "releases/$id" "$home/current.new"
  mv -T "$home/current.new" "$home/current"
  if [ -n "$before" ]; then printf '%s\\n' "$before" >"$home/previous"; fi
  printf '%s\\n' "$id" >>"$home/history"
  # shellcheck disable=SC2086
  systemctl enable --quiet $sockets "$app@$id.target"
  stop_others
  remove_old_units "$release/deploy"
  if [ -n "$has_backup" ]; then systemctl enable --now --quiet "$app-backup.timer"; fi
  say "release $id serves"
}

# A release that does not run: nothing of it stays but its folder, for a look.
give_up() {
  failed_units=
  for process in $processes; do failed_units="$failed_units $app-$process@$1.service"; done
  # shellcheck disable=SC2086
  systemctl stop "$app@$1.target" $failed_units || true
  # shellcheck disable=SC2086
  systemctl reset-failed $failed_units 2>/dev/null || true
}

migrate() {
  [ "$1" = yes ] && [ -n "$has_migrations" ] || return 0
  systemctl start "$app-migrate@$id.service" && return 0
  journalctl --no-pager -n 20 -o cat -u "$app-migrate@$id.service" >&2 || true
  return 1
}

# A port that changes is closed by all who have it before it is opened again: the one case in which connections are refused.
open_sockets() {
  if [ -n "$changed_sockets" ]; then
    say "the public ports change: they are closed for a moment"
    # shellcheck disable=SC2086
    systemctl stop $changed_sockets
    for other in "$home"/releases/*; do systemctl stop "$app@$(basename "$other").target"; done
  fi
  # shellcheck disable=SC2086
  systemctl start $sockets
}

# They take no more connections, finish what they have under way, and end: the public door first.
stop_others() {
  for other in "$home"/releases/*; do
    name=$(basename "$other")
    [ "$name" != "$id" ] || continue
    systemctl disable --quiet "$app@$name.target"
    systemctl stop "$app@$name.target"
    rmdir "/run/$app/$name" 2>/dev/null || true
    # The newest ones stay, to go back to.
    tail -n "$keep_releases" "$home/history" | grep -qx "$name" || rm -rf "$other"
  done
}

status() {
  id=$(current)
  [ -n "$id" ] || die "no release has been brought in"
  say "release $id; before it $(cat "$home/previous" 2>/dev/null || echo none)"
  result=0
  for process in $processes; do
    state=$(state_of "$app-$process@$id.service")
    [ "$state" = active ] || result=1
    printf '  %-24s %s\\n' "$process" "$state"
  done
  return "$result"
}

# One at a time: what two of them did to the links would be anybody's guess.
alone() {
  exec 9>"$home/lock"
  flock -n 9 || die "another release is being brought in or out"
}

case \${1:-} in
prepare) prepare ;;
bring-in)
  prepare
  alone
  switch_to "\${2:?which release?}" yes
  ;;
go-back)
  wanted=\${2:-$(cat "$home/previous" 2>/dev/null || true)}
  [ -n "$wanted" ] || die "there is no release before this one"
  script=$home/releases/$wanted/deploy/host.sh
  # That release knows its own units and processes best.
  if [ "$here/host.sh" != "$script" ] && [ -x "$script" ]; then exec "$script" go-back "$wanted"; fi
  alone
  switch_to "$wanted" ""
  ;;
status) status ;;
wake) systemctl start --no-block "$app@$(current).target" ;;
*) die "usage: host.sh prepare | bring-in ID | go-back [ID] | status | wake" ;;
esac
`;
