// `install.sh`: prepares hosts and brings in the first release.

export const installScript = `#!/bin/sh
# install.sh [--databases] [--build DIR] [--node FILE] [--release NAME] [HOST...]
#
# Prepares hosts and brings in the first release: users, folders, units. What only you can know (credentials, a certificate) it asks for and
# ends; run it again then. --databases also makes roles and databases, in a PostgreSQL on the host itself.
set -eu
# shellcheck source=hosts.sh
. "$(dirname "$0")/hosts.sh"
read_arguments "$@"

for host in $hosts; do
  run_on "$host" "test -d /run/systemd/system" </dev/null || die "$host is not run by systemd"
  send_folder "$host" "$here" "/opt/$app/install"
  if [ -n "$databases_too" ]; then run_on "$host" "/opt/$app/install/create-databases.sh" </dev/null; fi
  run_on "$host" "/opt/$app/install/host.sh prepare" </dev/null
done

set -- --release "$release"
[ -z "$build" ] || set -- "$@" --build "$build"
[ -z "$node" ] || set -- "$@" --node "$node"
# shellcheck disable=SC2086
exec "$here/upgrade.sh" "$@" $hosts
`;
