// Makes an app ready to be tested: analysed, its clients written, its databases' migrations in templates. What is ready outlives single
// test files; `refresh` brings it up to date after edits.
import { randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { type BuildResult, createCompiler, readAppImports } from "@tenon/compiler";
import { type Graph, needsOutbox } from "@tenon/model";
import { type DatabaseTemplate, dropClones, dropLeftovers, ensureTemplate } from "@tenon/runtime/testing";
import { CommandError } from "../commands/definition.ts";
import { renderDiagnostics } from "../commands/diagnostics-text.ts";
import { readConfigFiles } from "../config-files.ts";
import { passwordFor } from "../dev/database-password.ts";
import { readEnvironment } from "../dev/environment.ts";
import { type PostgresServer, startPostgres } from "../engines/postgres/start-postgres.ts";
import { readGitRevision } from "../git-revision.ts";
import { readLocalSecrets } from "../secrets/local-secrets.ts";
import { claimFolder } from "./claim-folder.ts";
import { testPlaceMeta } from "./place-meta.ts";
import { entriesDir, writeSetupFiles } from "./setup-files.ts";
import { readTestRun, type TestRun, testBuildDir, testDir, testRunFile, writeTestRun } from "./test-run.ts";

export interface StartedTestRun {
  /** Of the run: for the environment of test processes. */
  readonly file: string;
  /** Local values for the environment of test processes: `.env`, `.env.local` and that of the command. */
  readonly environment: Readonly<Record<string, string>>;
  /** Analyses the app again. Throws CommandError `build_failed`; what was ready before stays. */
  refresh(): Promise<void>;
  close(): Promise<void>;
}

interface OpenServer {
  readonly adminUrl: string;
  readonly isEmbedded: boolean;
}

interface TestServer extends OpenServer {
  close(): Promise<void>;
}

/**
 * Prints diagnostics to stderr. `background`: the database server does not keep this process alive. Throws CommandError `build_failed`,
 * and what engines and migrations throw.
 */
export async function startTestRun(
  appDir: string,
  options: { readonly background?: boolean } = {},
): Promise<StartedTestRun> {
  const environment = await readEnvironment(appDir);
  const file = testRunFile(appDir);
  const mark = randomBytes(3).toString("hex");
  let server: Promise<TestServer> | undefined;
  const open = () => {
    server ??= openServer(appDir, environment, options);
    return server;
  };
  async function close(): Promise<void> {
    const opened = await server?.catch(() => undefined);
    if (opened?.isEmbedded === false) await dropClones(opened.adminUrl, mark);
    await opened?.close();
    await rm(file, { force: true });
  }
  const prepareRun = () => prepare({ appDir, file, mark }, open);
  try {
    const run = await prepareRun();
    if (run.isEmbedded) await dropLeftovers(run.adminUrl!, run.templates);
  } catch (error) {
    await close();
    throw error;
  }
  return { file, environment, refresh: async () => void (await prepareRun()), close };
}

/** Brings a run that another process has started up to date. Throws as `startTestRun`. */
export async function refreshTestRun(file: string): Promise<void> {
  const { appDir, mark, adminUrl, isEmbedded } = await readTestRun(file);
  const server = adminUrl === null ? undefined : { adminUrl, isEmbedded };
  await prepare({ appDir, file, mark }, async () => {
    if (server !== undefined) return server;
    throw new CommandError("no_test_server", "the app has its first database now", "Start the tests anew.");
  });
}

interface RunNames {
  readonly appDir: string;
  readonly file: string;
  readonly mark: string;
}

async function prepare({ appDir, file, mark }: RunNames, open: () => Promise<OpenServer>): Promise<TestRun> {
  const graph = await analyse(appDir);
  await writeSetupFiles(appDir, graph);
  const meta = testPlaceMeta(await readGitRevision(appDir));
  const found = await readLocalSecrets(
    appDir,
    graph.secrets.map(({ name }) => name),
  );
  const server = graph.databases.length === 0 ? undefined : await open();
  const run: TestRun = {
    appDir,
    buildDir: testBuildDir(appDir),
    adminUrl: server?.adminUrl ?? null,
    isEmbedded: server?.isEmbedded ?? false,
    mark,
    templates: server === undefined ? [] : await makeTemplates(appDir, graph, server),
    caches: Object.fromEntries((graph.caches ?? []).map(({ name, evictionPolicy }) => [name, evictionPolicy])),
    secrets: Object.fromEntries([...found].map(([name, { value }]) => [name, value])),
    configFiles: await readConfigFiles(appDir, graph, meta.environment.name),
    meta,
    imports: await readAppImports(appDir),
  };
  await writeTestRun(file, run);
  return run;
}

async function analyse(appDir: string): Promise<Graph> {
  const compiler = await createCompiler({
    appDir,
    outDir: testBuildDir(appDir),
    mode: "development",
    entriesDir: entriesDir(appDir),
  });
  let result: BuildResult;
  try {
    result = await compiler.build();
  } finally {
    await compiler.close();
  }
  process.stderr.write(renderDiagnostics(result.diagnostics, appDir));
  if (!result.ok || result.graph === null) {
    throw new CommandError(
      "build_failed",
      "the app does not build, so it cannot be tested",
      "Correct what is named above.",
    );
  }
  return result.graph;
}

/** DATABASE_URL names a server, never a database that tests would write to: they get databases of their own on it. */
async function openServer(
  appDir: string,
  environment: Readonly<Record<string, string>>,
  options: { readonly background?: boolean },
): Promise<TestServer> {
  const external = environment["DATABASE_URL"];
  if (external !== undefined) return { adminUrl: external, isEmbedded: false, close: async () => {} };
  const folder = await claimFolder(testDir(appDir));
  let server: PostgresServer;
  try {
    server = await startPostgres({ dataDir: folder.dir, ...options });
  } catch (error) {
    await folder.release();
    throw error;
  }
  return {
    adminUrl: server.adminUrl,
    isEmbedded: true,
    close: async () => {
      await server.stop();
      await folder.release();
    },
  };
}

async function makeTemplates(appDir: string, graph: Graph, { adminUrl }: OpenServer): Promise<DatabaseTemplate[]> {
  return Promise.all(
    graph.databases.map(({ name, migrations, migrationSource }) => {
      const { password = "" } = passwordFor(name, adminUrl);
      return ensureTemplate(adminUrl, {
        database: name,
        role: `${name}_test`,
        password,
        migrations: migrations === undefined ? undefined : join(appDir, migrations),
        migrationSource,
        hasOutbox: needsOutbox(graph, name),
      });
    }),
  );
}
