// For this folder's tests: a real PostgreSQL server, and databases on it. The launcher belongs to the `tenon` package, which this
// one may not import, so it is found by its place in the build.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { provisionDatabase } from "./provision-database.ts";

export interface TestServer {
  readonly adminUrl: string;
  readonly dataDir: string;
  readonly pid: number;
  stop(): Promise<void>;
}

interface Launcher {
  startPostgres(options: { dataDir: string }): Promise<Omit<TestServer, "dataDir">>;
}

const launcherUrl = new URL("../../../tenon/dist/engines/postgres/start-postgres.js", import.meta.url).href;

/** `dataDir`: in a folder of its own, which stop() removes. */
export async function startTestServer(
  dataDir = join(mkdtempSync(join(tmpdir(), "tenon-data-")), "pg"),
): Promise<TestServer> {
  const { startPostgres } = (await import(launcherUrl)) as Launcher;
  const server = await startPostgres({ dataDir });
  return {
    adminUrl: server.adminUrl,
    pid: server.pid,
    dataDir,
    stop: async () => {
      await server.stop();
      rmSync(dirname(dataDir), { recursive: true, force: true });
    },
  };
}

let counter = 0;

/** The connection string of a new, empty database with its own role. */
export async function newDatabase(server: TestServer): Promise<string> {
  const name = `test_${++counter}`;
  const { connectionString } = await provisionDatabase(server.adminUrl, { database: name, role: name });
  return connectionString;
}
