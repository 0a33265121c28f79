// `rollback.sh`: goes back to a release that is still there.

export const rollbackScript = `#!/bin/sh
# rollback.sh [--release NAME] [HOST...]
#
# Goes back to the release before the one that serves, or to a named one that the host still has, in the way in which releases come: it starts
# beside the other one. Databases stay as they are; migrations have to leave room for the release before them.
set -eu
# shellcheck source=hosts.sh
. "$(dirname "$0")/hosts.sh"
release_of_now=$release
read_arguments "$@"
[ "$release" != "$release_of_now" ] || release=

for host in $hosts; do
  run_on "$host" "/opt/$app/current/deploy/host.sh go-back $release" </dev/null
done
`;
