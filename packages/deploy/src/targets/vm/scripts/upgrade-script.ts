// `upgrade.sh`: brings the next release to hosts.

export const upgradeScript = `#!/bin/sh
# upgrade.sh [--build DIR] [--node FILE] [--release NAME] [HOST...]
#
# Brings a release to each host, one host after the other. On a host it starts beside the one that serves; when all of it is ready the
# other one finishes its requests and ends. Where the new one does not become ready, nothing has changed, and the hosts behind it are
# left alone. --build: what \`tenon build\` wrote (.tenon/build of the app). --node: a Node binary to take along; else that of the host.
set -eu
# shellcheck source=hosts.sh
. "$(dirname "$0")/hosts.sh"
read_arguments "$@"

[ -n "$build" ] || build=$here/../../.tenon/build
[ -f "$build/main.js" ] || die "there is no build in $build: run \\\`tenon build\\\`, or give --build DIR"

stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
mkdir "$stage/app" "$stage/deploy" "$stage/bin"
cp -R "$build/." "$stage/app"
cp -R "$here/." "$stage/deploy"
[ -z "$node" ] || cp "$node" "$stage/bin/node"
chmod -R u=rwX,go=rX "$stage"

done_hosts=
for host in $hosts; do
  if send_folder "$host" "$stage" "/opt/$app/releases/$release" &&
    run_on "$host" "/opt/$app/releases/$release/deploy/host.sh bring-in $release" </dev/null; then
    done_hosts="$done_hosts $host"
    continue
  fi
  printf 'upgrade.sh: %s could not be upgraded.' "$host" >&2
  [ -z "$done_hosts" ] || printf ' On release %s already:%s; rollback.sh%s takes them back.' "$release" "$done_hosts" "$done_hosts" >&2
  printf '\\n' >&2
  exit 1
done
`;
