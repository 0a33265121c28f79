// The regression gate: `npm run gate -- --base <git ref> [case ...] [--pairs 60] [--ms 300]`. Measures every hot path (`bench/gate/cases`)
// on the base and on this checkout in turn, each time in a fresh process, and ends with 1 only when one is proven to have become slower:
// in two independent measurements. What the base cannot run yet is named and let pass.
import { readdirSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { runSample } from "../harness/child.mjs";
import { root } from "../harness/environment.mjs";
import { median, saveResults } from "../harness/results.mjs";
import { hostedAppsDir } from "../harness/hosted-app.mjs";
import { buildCheckouts, removeBase } from "./checkouts.mjs";
import { judge, limits } from "./statistics.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    base: { type: "string" },
    pairs: { type: "string", default: "60" },
    ms: { type: "string", default: "300" },
  },
});
if (values.base === undefined) {
  console.error("usage: npm run gate -- --base <git ref> [case ...] [--pairs 60] [--ms 300]");
  process.exit(2);
}

const sampleScript = join(root, "bench/gate/sample.mjs");
const casesDir = join(root, "bench/gate/cases");
const cases = readdirSync(casesDir)
  .map((file) => ({ name: basename(file, ".mjs"), file: join(casesDir, file) }))
  .filter(({ name }) => positionals.length === 0 || positionals.includes(name));
if (cases.length === 0) {
  console.error("no case of that name");
  process.exit(2);
}

async function sample(file, packagesDir) {
  const { nanosPerIteration } = await runSample(sampleScript, [file, packagesDir, values.ms]);
  return nanosPerIteration;
}

/** Pairs in turn, and in turn which of the two goes first. */
async function measurePairs(file, checkouts) {
  const pairs = [];
  for (let index = 0; index < Number(values.pairs); index++) {
    const pair = {};
    for (const side of index % 2 === 0 ? ["base", "head"] : ["head", "base"]) {
      pair[side] = await sample(file, checkouts[side]);
    }
    pairs.push(pair);
  }
  return pairs;
}

async function compare({ name, file }, checkouts) {
  await sample(file, checkouts.head);
  try {
    await sample(file, checkouts.base);
  } catch {
    console.log(`${name.padEnd(12)} new: the base cannot run it`);
    return { pairs: [] };
  }
  const pairs = await measurePairs(file, checkouts);
  const verdict = judge(pairs);
  tell(name, pairs, verdict);
  if (!verdict.isRegression) return { pairs, ...verdict };
  const again = await measurePairs(file, checkouts);
  const second = judge(again);
  tell(`${name} again`, again, second);
  return { pairs, again, ...second };
}

function tell(name, pairs, { ratio, p, isRegression }) {
  const [base, head] = ["base", "head"].map((side) => median(pairs.map((pair) => pair[side])).toFixed(0));
  const verdict = isRegression ? "SLOWER" : "ok";
  console.log(`${name.padEnd(12)} ${base} -> ${head} ns, x${ratio.toFixed(3)}, p ${p.toExponential(1)}  ${verdict}`);
}

const results = {};
try {
  const checkouts = buildCheckouts(values.base);
  for (const dir of Object.values(checkouts)) rmSync(hostedAppsDir(dir), { recursive: true, force: true });
  for (const hotPath of cases) results[hotPath.name] = await compare(hotPath, checkouts);
} finally {
  removeBase();
}
const settings = { base: values.base, pairs: Number(values.pairs), sampleMs: Number(values.ms), limits };
console.log(saveResults("gate", settings, results));
if (Object.values(results).some(({ isRegression }) => isRegression)) process.exitCode = 1;
