// `create-databases.sh`: roles and databases in a PostgreSQL on the host.

export const databasesScript = `#!/bin/sh
# Runs as root on a host that has PostgreSQL itself (apt install postgresql): makes a role and a database for each database of the app, and writes
# the passwords where the app's processes are given them. What is there stays.
set -eu
umask 077
here=$(cd "$(dirname "$0")" && pwd)
# postgres may not enter where we are.
cd /
# shellcheck source=settings.sh
. "$here/settings.sh"
credentials_dir=/etc/$app/credentials
install -d -m 0755 "/etc/$app"
mkdir -p "$credentials_dir"

random_text() { od -An -N 24 -tx1 /dev/urandom | tr -d ' \\n'; }

# NAME PASSWORD
create_database() {
  runuser -u postgres -- psql -qXtA -v ON_ERROR_STOP=1 -d postgres >/dev/null <<END
SELECT 'CREATE ROLE "$1" LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '$1') \\gexec
ALTER ROLE "$1" PASSWORD '$2';
SELECT 'CREATE DATABASE "$1" OWNER "$1"' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '$1') \\gexec
REVOKE CONNECT ON DATABASE "$1" FROM PUBLIC;
END
}

for pair in $databases; do
  name=\${pair%%:*}
  file=$credentials_dir/\${pair#*:}
  [ ! -s "$file" ] || continue
  password=$(random_text)
  create_database "$name" "$password"
  printf '%s' "$password" >"$file"
  echo "database $name; its password is in $file"
done

if [ -n "$messages_url" ] && [ ! -s "$credentials_dir/$messages_url" ]; then
  password=$(random_text)
  create_database tenon_messages "$password"
  printf 'postgres://tenon_messages:%s@%s/tenon_messages' "$password" "$database_host" >"$credentials_dir/$messages_url"
  echo "database tenon_messages; its URL is in $credentials_dir/$messages_url"
fi
`;
