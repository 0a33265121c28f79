// Databases and their roles on a managed server that Terraform cannot reach: a script for psql, run by a task inside the network. Run again it
// changes nothing but passwords that were changed. The administrator of a managed server is no superuser, which some of the steps are for.
import { passwordVariable } from "../../deployment/variables.ts";

/** psql reads the passwords from its environment: none stands in the script. */
export function provisionSql(databases: readonly string[]): string {
  return databases.map(databaseSql).join("\n");
}

function databaseSql(database: string): string {
  const [name, role, variable] = [identifier(database), literal(database), passwordVariable(database)];
  return [
    `\\getenv password ${variable}`,
    `SELECT 'CREATE ROLE ${name.replaceAll("'", "''")} LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = ${role}) \\gexec`,
    `ALTER ROLE ${name} LOGIN PASSWORD :'password';`,
    // Only a member of a role may make it the owner of something.
    `GRANT ${name} TO CURRENT_USER;`,
    `SELECT 'CREATE DATABASE ${name.replaceAll("'", "''")} OWNER ${name.replaceAll("'", "''")}' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = ${role}) \\gexec`,
    `REVOKE ALL ON DATABASE ${name} FROM PUBLIC;`,
    "",
  ].join("\n");
}

/** The shell command of a container with psql. PGHOST, PGUSER, PGPASSWORD and the passwords come from its environment. */
export function provisionCommand(databases: readonly string[], prepare?: string): readonly string[] {
  const psql = "psql --no-psqlrc --set ON_ERROR_STOP=1 --dbname postgres";
  const script = `${prepare === undefined ? "" : `${prepare}\n`}${psql} <<'SQL'\n${provisionSql(databases)}SQL\n`;
  return ["sh", "-euc", script];
}

function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
