// The long fuzzing of the fast lane's parser against node:http: `run.mjs [--inputs 5000000] [--from 0] [--name node20]`. Interrupted, it goes
// on where it was with the same name (tmp/fuzz-<name>.json); `results/fuzz-<name>.json` is written at its end, and when it is interrupted
// by SIGINT or SIGTERM.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { corpus } from "../../conformance/http/fuzz/corpus.mjs";
import { BATCH, Fuzzing, SENTINEL } from "../../conformance/http/fuzz/fuzz.mjs";
import { describeEnvironment, root } from "../harness/environment.mjs";
import { resultsDir } from "../harness/results.mjs";

const SAVE_EVERY_BATCHES = 20;
const parserFiles = [
  "arriving-body",
  "check-host",
  "chunked-body",
  "fast-request",
  "field-block",
  "field-rules",
  "framing-error",
  "parse-head",
  "read-fields",
  "read-framing",
];

const { values } = parseArgs({
  options: {
    inputs: { type: "string", default: "5000000" },
    from: { type: "string", default: "0" },
    name: { type: "string", default: `node${process.versions.node.split(".")[0]}` },
  },
});
const from = Number(values.from);
const to = from + Number(values.inputs);
const tmpDir = join(root, "bench/tmp");
const stateFile = join(tmpDir, `fuzz-${values.name}.json`);
const resultFile = join(resultsDir, `fuzz-${values.name}.json`);
mkdirSync(tmpDir, { recursive: true });
// A refusal is an Error; where it was thrown is of no interest here, and finding that out takes most of the time.
Error.stackTraceLimit = 0;

const parser = parserHash();
const before = existsSync(stateFile) ? JSON.parse(readFileSync(stateFile, "utf8")) : undefined;
const isSame =
  before !== undefined && before.parser === parser && before.from === from && before.node === process.version;
const fuzzing = new Fuzzing(isSame ? before : undefined);
let next = isSame ? before.next : from;
if (isSame) console.log(`going on at seed ${next}`);
else
  await fuzzing.runTexts(
    corpus.map(({ text }) => text + SENTINEL),
    -corpus.length,
  );

let isInterrupted = false;
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, () => {
    isInterrupted = true;
  });
}
for (let batches = 1; next < to && !isInterrupted; batches++) {
  const end = Math.min(next + BATCH, to);
  await fuzzing.run(next, end);
  next = end;
  if (batches % SAVE_EVERY_BATCHES === 0) save(stateFile);
}
save(stateFile);
save(resultFile);
console.log(JSON.stringify(fuzzing.counts, null, 2));
console.log(`${fuzzing.findingCount} findings; ${resultFile}`);
if (fuzzing.findingCount > 0) process.exitCode = 1;

function save(file) {
  const { counts, findings, findingCount } = fuzzing;
  const environment = describeEnvironment();
  const record = {
    area: "fuzz",
    takenAt: new Date().toISOString(),
    parser,
    node: process.version,
    from,
    next,
    to,
    environment,
    counts,
    findingCount,
    findings,
  };
  writeFileSync(file, `${JSON.stringify(record, null, 2)}\n`);
}

/** Of what the reader is built of: another one has to start anew. */
function parserHash() {
  const folder = join(root, "packages/runtime/dist/http");
  const hash = createHash("sha256");
  for (const name of parserFiles) hash.update(readFileSync(join(folder, `${name}.js`)));
  return hash.digest("hex").slice(0, 16);
}
