// CPU time of generated codecs: `run.mjs [--baseline <packages folder>] [--samples 5] [--ms 200] [operation ...]`. With a baseline, the
// `packages` folder of another built checkout, both are measured in turn. The emitted text of both is kept in the result.
import { join } from "node:path";
import { parseArgs } from "node:util";
import { runSample } from "../harness/child.mjs";
import { root } from "../harness/environment.mjs";
import { median, saveResults } from "../harness/results.mjs";
import { loadCodecs } from "./load-codecs.mjs";
import { operationsOf } from "./operations.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    baseline: { type: "string" },
    samples: { type: "string", default: "5" },
    ms: { type: "string", default: "200" },
  },
});
const head = join(root, "packages");
const sides = values.baseline === undefined ? { head } : { baseline: values.baseline, head };
const names = Object.keys(operationsOf((await loadCodecs(head)).codecs));
const wanted = names.filter((name) => positionals.length === 0 || positionals.some((word) => name.includes(word)));
const script = join(root, "bench/codecs/sample.mjs");
const samples = {};
const emitted = {};
for (const name of wanted) {
  for (const side of Object.keys(sides)) samples[`${name}, ${side}`] = [];
  for (let round = 0; round < Number(values.samples); round++) {
    for (const [side, packagesDir] of Object.entries(sides)) {
      const { nanos, text } = await runSample(script, [packagesDir, name, values.ms]);
      samples[`${name}, ${side}`].push({ nanos });
      emitted[side] = text;
    }
  }
  const shown = Object.keys(sides).map((side) => {
    const nanos = median(samples[`${name}, ${side}`].map((sample) => sample.nanos));
    return `${side} ${nanos.toFixed(0).padStart(8)}`;
  });
  console.log(`${name.padEnd(28)} ${shown.join("   ")} ns of CPU`);
}
console.log(saveResults("codecs", { sampleMs: Number(values.ms), emitted }, samples));
