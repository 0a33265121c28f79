// One run of an app's tests, as it is handed to the processes that run them: a file that only its user can read.
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { AppImports } from "@tenon/compiler";
import type { ConfigFile, PlaceMeta } from "@tenon/runtime";
import type { DatabaseTemplate } from "@tenon/runtime/testing";

export interface TestRun {
  /** Absolute. */
  readonly appDir: string;
  /** Absolute. */
  readonly buildDir: string;
  /** Of the server with the templates; null for an app without databases. */
  readonly adminUrl: string | null;
  /** The server is ours and listens on 127.0.0.1 too, for libraries that know nothing of socket folders. */
  readonly isEmbedded: boolean;
  /** In the names of the databases of its test files. */
  readonly mark: string;
  readonly templates: readonly DatabaseTemplate[];
  /** The app's caches and what each does when it is full. */
  readonly caches: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
  readonly configFiles: readonly ConfigFile[];
  readonly meta: PlaceMeta;
  readonly imports: AppImports;
}

/** The environment variable with the path of the file. */
export const testRunVariable = "TENON_TEST_RUN";

/** Everything that tests need is below it. */
export const testDir = (appDir: string): string => join(appDir, ".tenon", "test");
export const testBuildDir = (appDir: string): string => join(testDir(appDir), "build");

/** Of the run that this process starts. */
export const testRunFile = (appDir: string): string => join(testDir(appDir), `run-${process.pid}.json`);

export async function writeTestRun(file: string, run: TestRun): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.new`, JSON.stringify(run), { mode: 0o600 });
  await rename(`${file}.new`, file);
}

export async function readTestRun(file: string): Promise<TestRun> {
  return JSON.parse(await readFile(file, "utf8")) as TestRun;
}
