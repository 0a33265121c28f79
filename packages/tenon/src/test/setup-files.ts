// Writes the modules that test runners load before each test file. They import the services' sources themselves, so that these come
// from the runner's own module graph: its mocks, spies and breakpoints work, and a test shares its modules with the services.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Graph } from "@tenon/model";
import { testDir } from "./test-run.ts";

export type Runner = "vitest" | "node";

/** Where the services' entries are. */
export const entriesDir = (appDir: string): string => join(testDir(appDir), "services");

export const setupFile = (appDir: string, runner: Runner): string => join(testDir(appDir), `${runner}-setup.js`);

/** How each registers what comes after the file; Vitest would wait 10 s for it, which a busy machine may need. */
const runners: Readonly<Record<Runner, { readonly imports: string; readonly after: string }>> = {
  vitest: { imports: 'import { afterAll } from "vitest";', after: "afterAll(close, 60_000);" },
  node: { imports: 'import { after } from "node:test";', after: "after(close);" },
};

export async function writeSetupFiles(appDir: string, graph: Graph): Promise<void> {
  await mkdir(testDir(appDir), { recursive: true });
  await writeFile(join(testDir(appDir), "package.json"), '{ "type": "module" }\n');
  for (const runner of Object.keys(runners) as Runner[]) {
    await writeIfChanged(setupFile(appDir, runner), setupText(runner, graph));
  }
}

/** A runner that watches its files would run the tests again because of it, without end. */
async function writeIfChanged(file: string, text: string): Promise<void> {
  const before = await readFile(file, "utf8").catch(() => undefined);
  if (before !== text) await writeFile(file, text);
}

function setupText(runner: Runner, graph: Graph): string {
  const services = graph.services.map(
    ({ name }) => `  ${JSON.stringify(name)}: () => import(${JSON.stringify(`./services/${name}.js`)}),`,
  );
  return [
    "// Written by Tenon: makes the app ready for one test file.",
    runners[runner].imports,
    'import { openTestFile } from "tenon/internal/test";',
    "",
    "const close = await openTestFile({",
    ...services,
    "});",
    runners[runner].after,
    "",
  ].join("\n");
}
