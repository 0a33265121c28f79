// `node --import tenon/test/register --test`: resolves the framework's imports and makes the app ready for each test file. `tenon test`
// loads it into every Node process of the test script, so it does nothing where it is not needed.
import { rmSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { isMainThread } from "node:worker_threads";
import { installHooks } from "./install-hooks.ts";
import { setupFile } from "./setup-files.ts";
import { readTestRun, testRunVariable } from "./test-run.ts";

if (isMainThread && process.env["VITEST"] === undefined) await register();

async function register(): Promise<void> {
  const known = process.env[testRunVariable];
  const file = known ?? (await startOwnRun());
  const { appDir, imports } = await readTestRun(file);
  installHooks({ imports, withTenonUrl: new URL("../vitest/with-tenon.js", import.meta.url).href });
  const isChildOfRunner = process.env["NODE_TEST_CONTEXT"]?.startsWith("child") === true;
  const isLoneFile = known === undefined && !process.execArgv.some((option) => /^--test(?:$|-)/.test(option));
  if (isChildOfRunner || isLoneFile) await import(pathToFileURL(setupFile(appDir, "node")).href);
}

/** The analysis and the server belong to this process and end with it; its children find the run by the environment. */
async function startOwnRun(): Promise<string> {
  const { findAppDir } = await import("@tenon/compiler/find-app-dir");
  const { startTestRun } = await import("./start-test-run.ts");
  const run = await startTestRun(findAppDir(process.cwd()), { background: true });
  for (const [name, value] of Object.entries(run.environment)) process.env[name] ??= value;
  process.env[testRunVariable] = run.file;
  process.on("exit", () => rmSync(run.file, { force: true }));
  return run.file;
}
