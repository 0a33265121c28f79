// What the job `databases` runs each time the app starts: a role and a database for each that the code declares. What is there already stays,
// but for the password, which is the one in .env.
import { DeployError } from "../../deploy-error.ts";
import type { Deployment } from "../../deployment/deployment.ts";
import { messagesDatabase, passwordVariable } from "../../deployment/variables.ts";
import { keepsMessages, usedDatabases } from "./engines.ts";
import type { ComposeSettings } from "./settings.ts";

const ownToPostgres = /^(postgres|template0|template1|pg_.*)$/;

/** Throws DeployError `name_not_deployable`. */
export function databasesSql(deployment: Deployment, settings: ComposeSettings): string {
  const names = [...usedDatabases(deployment), ...(keepsMessages(deployment, settings) ? [messagesDatabase] : [])];
  const taken = names.find((name) => ownToPostgres.test(name));
  if (taken !== undefined) {
    const problem = `the database "${taken}" would have the name of one of PostgreSQL's own`;
    throw new DeployError("name_not_deployable", problem, "Declare it by another name.");
  }
  const closed = ["postgres", "template1"].map((name) => `REVOKE CONNECT ON DATABASE ${name} FROM PUBLIC;`);
  return [`${closed.join("\n")}\n`, ...names.map(databaseSql)].join("\n");
}

/** `\gexec` runs what the query gives; `\getenv` keeps passwords out of this file. */
function databaseSql(name: string): string {
  const [identifier, literal] = [`"${name.replaceAll('"', '""')}"`, `'${name.replaceAll("'", "''")}'`];
  return `\\getenv password ${passwordVariable(name)}
SELECT 'CREATE ROLE ${identifier.replaceAll("'", "''")} LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = ${literal})
\\gexec
ALTER ROLE ${identifier} PASSWORD :'password';
SELECT 'CREATE DATABASE ${identifier.replaceAll("'", "''")} OWNER ${identifier.replaceAll("'", "''")} TEMPLATE template0' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = ${literal})
\\gexec
REVOKE ALL ON DATABASE ${identifier} FROM PUBLIC;
`;
}
