// Vitest calls it once before all test files: makes the app ready, unless `tenon test` has, and again before tests are run anew.
import { refreshTestRun, startTestRun } from "../test/start-test-run.ts";
import { testRunVariable } from "../test/test-run.ts";
import { appVariable } from "./app-variable.ts";

interface Project {
  readonly config: { readonly env?: Readonly<Record<string, unknown>> };
  /** Vitest 3 and newer. */
  onTestsRerun?(callback: () => Promise<void>): void;
}

/** Resolves with what ends it. */
export default async function setup(project: Project): Promise<(() => Promise<void>) | undefined> {
  const known = process.env[testRunVariable];
  if (known !== undefined) {
    project.onTestsRerun?.(() => told(refreshTestRun(known)));
    return undefined;
  }
  const run = await startTestRun(String(project.config.env?.[appVariable]));
  // Another project of the same workspace finds the run by it.
  process.env[testRunVariable] = run.file;
  project.onTestsRerun?.(() => told(run.refresh()));
  return async () => {
    delete process.env[testRunVariable];
    await run.close();
  };
}

/** An edit that does not build is told, and the tests run with what was ready before: Vitest would end with its failure. */
async function told(refreshing: Promise<void>): Promise<void> {
  try {
    await refreshing;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  }
}
