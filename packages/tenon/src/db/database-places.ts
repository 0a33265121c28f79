// Where the databases of an app are, for the commands that look into them: those of the running `tenon dev`, or those of an infra.json.
import { join } from "node:path";
import { type Database, type Graph, needsOutbox } from "@tenon/model";
import { askDashboard } from "../commands/ask-dashboard.ts";
import { appFolder } from "../commands/app-folder.ts";
import { CommandError } from "../commands/definition.ts";
import { databaseVariable, messagesDatabase } from "../database-variable.ts";
import { passwordFor } from "../dev/database-password.ts";
import { readEnvironment } from "../dev/environment.ts";
import { readInstance } from "../dev/instance.ts";
import { adminRole, readAdminPassword } from "../engines/postgres/data-folder.ts";
import { findPostmaster } from "../engines/postgres/postmaster-file.ts";

export interface DatabasePlace {
  readonly name: string;
  /** As the service's own role, by host and port. */
  readonly connectionString: string;
  /** Services that use it; empty for the app's messages and in production, where the file does not say. */
  readonly services: readonly string[];
  /** In development: a role that may drop and make it, and its migrations. Absent where the database is not Tenon's to drop. */
  readonly own?: OwnDatabase;
}

export interface OwnDatabase {
  readonly adminUrl: string;
  /** On the server that `tenon dev` started; otherwise on one that DATABASE_URL names, which others may use too. */
  readonly isEmbedded: boolean;
  readonly appDir: string;
  /** Absent for the app's messages. */
  readonly declaration: Database | undefined;
  /** Messages leave in its transactions, or are taken in them. */
  readonly hasOutbox: boolean;
}

/** Throws CommandError `not_running`. */
export async function databasesOfDev(dir: string | undefined): Promise<DatabasePlace[]> {
  const appDir = appFolder(dir);
  const instance = await readInstance(appDir);
  if (instance?.dashboard === undefined) {
    throw new CommandError(
      "not_running",
      `no \`tenon dev\` is running for the app in ${appDir}`,
      "Start it, name the app's folder with --app DIR, or name the databases of production with --infra FILE.",
    );
  }
  const graph = await askDashboard<Graph>(`${instance.dashboard}/api/graph`);
  const environment = await readEnvironment(appDir);
  const dataDir = join(appDir, ".tenon", "data", instance.namespace ?? "default", "postgres");
  const external = environment["DATABASE_URL"];
  const server = external ?? (await embeddedServer(dataDir));
  const isEmbedded = external === undefined;
  const place = (name: string, declaration?: Database): DatabasePlace => {
    const services = graph.services.filter(({ databases }) => databases.includes(name)).map((service) => service.name);
    const given = environment[databaseVariable(name)];
    if (given !== undefined) return { name, connectionString: given, services };
    if (server === undefined) throw new CommandError("no_server", `the database server of ${appDir} is not running`);
    return {
      name,
      connectionString: asOwner(server, name),
      services,
      own: { adminUrl: server, isEmbedded, appDir, declaration, hasOutbox: needsOutbox(graph, name) },
    };
  };
  const declared = graph.databases.map((declaration) => place(declaration.name, declaration));
  return graph.topics === undefined ? declared : [...declared, place(messagesDatabase)];
}

/** Of the file and, before it, of the environment. Throws InfraError. */
export async function databasesOfInfra(file: string): Promise<DatabasePlace[]> {
  const { readInfra } = await import("../start/infra.ts");
  const { databases } = await readInfra(file, process.env);
  return Object.entries(databases).map(([name, config]) => {
    const connectionString = process.env[databaseVariable(name)] ?? config.connectionString;
    return { name, connectionString, services: [] };
  });
}

/** undefined: it does not run. */
async function embeddedServer(dataDir: string): Promise<string | undefined> {
  const running = await findPostmaster(dataDir).catch(() => undefined);
  if (running === undefined) return undefined;
  return `postgres://${adminRole}:${readAdminPassword(dataDir)}@127.0.0.1:${running.port}/postgres`;
}

/** A server that takes its administrator without a password gives no way to know that of a role. */
function asOwner(adminUrl: string, database: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${encodeURIComponent(database)}`;
  const { password } = passwordFor(database, adminUrl);
  if (password === undefined) return url.href;
  url.username = encodeURIComponent(database);
  url.password = password;
  return url.href;
}

/** The one that is meant. Without a name it is the only one. Throws CommandError `unknown_database`. */
export function choosePlace(places: readonly DatabasePlace[], name: string | undefined): DatabasePlace {
  const declared = places.filter((place) => place.name !== messagesDatabase);
  const found = name === undefined ? declared[0] : places.find((place) => place.name === name);
  if (found !== undefined && (name !== undefined || declared.length === 1)) return found;
  const names = places.map((place) => place.name).join(", ");
  const what = name === undefined ? "say which database is meant" : `there is no database "${name}"`;
  throw new CommandError("unknown_database", what, names === "" ? "The app declares none." : `There is: ${names}.`);
}
