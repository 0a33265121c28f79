// `backup.sh`: what the timer for backups runs.

export const backupScript = `#!/bin/sh
# Saves each database with pg_dump and forgets what is older than two weeks. The timer of the app runs it every night; pg_restore reads the files.
# Copy them to another place: a disk that breaks takes its backups along.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=settings.sh
. "$here/settings.sh"

export PGHOST="\${database_host%:*}" PGPORT="\${database_host##*:}"
case $database_host in *:*) ;; *) PGPORT=5432 ;; esac
[ -z "$database_ca" ] || export PGSSLMODE=verify-full PGSSLROOTCERT="$CREDENTIALS_DIRECTORY/database-ca.pem"
now=$(date -u +%Y%m%dT%H%M%SZ)
for pair in $databases; do
  name=\${pair%%:*}
  PGPASSWORD=$(cat "$CREDENTIALS_DIRECTORY/\${pair#*:}")
  export PGPASSWORD
  # A file that has its name is whole.
  pg_dump --format=custom --username="$name" --file="$STATE_DIRECTORY/$name-$now.partial" "$name"
  mv "$STATE_DIRECTORY/$name-$now.partial" "$STATE_DIRECTORY/$name-$now.dump"
done
find "$STATE_DIRECTORY" -name '*.dump' -mtime +14 -delete
`;
