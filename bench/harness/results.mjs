// Raw results on disk, and the few statistics that reports use.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describeEnvironment, root } from "./environment.mjs";

export const resultsDir = join(root, "bench/results");

/** Writes `results/<area>-<time>.json` and gives its path; `node` is the one that was measured. */
export function saveResults(area, settings, samples, node) {
  mkdirSync(resultsDir, { recursive: true });
  const takenAt = new Date().toISOString();
  const file = join(resultsDir, `${area}-${takenAt.replace(/[:.]/g, "-")}.json`);
  const results = { area, takenAt, environment: describeEnvironment(node), settings, samples };
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
  return file;
}

/** The newest results of an area; undefined when there are none. */
export function newestResults(area) {
  const files = readdirSync(resultsDir).filter((name) => name.startsWith(`${area}-`) && name.endsWith(".json"));
  const newest = files.sort().at(-1);
  return newest === undefined ? undefined : JSON.parse(readFileSync(join(resultsDir, newest), "utf8"));
}

/** The newest results of each area `<kind>-node<major>`, by the version of Node. */
export function newestPerNode(kind) {
  const pattern = new RegExp(`^${kind}-node(\\d+)-`);
  const majors = readdirSync(resultsDir).flatMap((name) => pattern.exec(name)?.[1] ?? []);
  return [...new Set(majors)].sort((a, b) => a - b).map((major) => newestResults(`${kind}-node${major}`));
}

/**
 * The runs of the HTTP bench by the version of Node, and of each version the newest first: of every scenario its newest measurement alone,
 * so that a run of some scenarios does not take the others from the page.
 */
export function newestScenarios() {
  const majors = newestPerNode("http").map(({ environment: { node } }) => node.slice(1).split(".")[0]);
  return majors.flatMap((major) => {
    const files = readdirSync(resultsDir).filter((name) => name.startsWith(`http-node${major}-`));
    const seen = new Set();
    const runs = files
      .sort()
      .reverse()
      .flatMap((name) => {
        const run = JSON.parse(readFileSync(join(resultsDir, name), "utf8"));
        const samples = run.samples.filter(({ scenario }) => !seen.has(scenario));
        for (const { scenario } of samples) seen.add(scenario);
        return samples.length === 0 ? [] : [{ ...run, samples }];
      });
    return runs.map((run, index) => ({ ...run, isOlder: index > 0 }));
  });
}

/** The runs of fuzzing, one for each name. */
export function fuzzResults() {
  const files = readdirSync(resultsDir).filter((name) => /^fuzz-.*\.json$/.test(name));
  return files.sort().map((name) => JSON.parse(readFileSync(join(resultsDir, name), "utf8")));
}

/** The runs of kills, one for each engine. */
export function killsResults() {
  const files = readdirSync(resultsDir).filter((name) => /^kills-.*\.json$/.test(name));
  return files.sort().map((name) => JSON.parse(readFileSync(join(resultsDir, name), "utf8")));
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
