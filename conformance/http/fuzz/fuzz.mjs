// The fuzzing itself: from a seed to mutated requests, both readers, every split, and a count of what was found.
import { compareReadings } from "./compare.mjs";
import { isSameInTwo, readFast } from "./fast-reader.mjs";
import { mutate } from "./mutate.mjs";
import { NodeReader } from "./node-reader.mjs";
import { Random } from "./random.mjs";
import { writeRequest } from "./request-grammar.mjs";

/** What comes behind: whoever counts differently shows by what becomes of it. */
export const SENTINEL = "GET /last HTTP/1.1\r\nhost: x\r\n\r\n";
/** Fed to node:http at a time. */
export const BATCH = 500;
const MAX_KEPT_FINDINGS = 200;

/** @typedef {{ seed: number, kind: string, text: string }} Finding */

/** One input per seed, always the same. */
export function inputOf(seed) {
  const random = new Random(seed);
  let text = writeRequest(random, { canClose: true });
  if (random.oneIn(4)) text += writeRequest(random, { canClose: true });
  // Some are left as they are: the reader has to be right about good ones first of all.
  return (random.oneIn(20) ? text : mutate(random, text)) + SENTINEL;
}

export class Fuzzing {
  #node = new NodeReader();
  counts = { inputs: 0, splits: 0, verdicts: {}, rules: {} };
  /** @type {Finding[]} */
  findings = [];
  findingCount = 0;

  /** `before`: what an earlier run has left, to be added to. */
  constructor(before) {
    if (before === undefined) return;
    this.counts = before.counts;
    this.findings = before.findings;
    this.findingCount = before.findingCount;
  }

  /** Seeds from `from` to below `to`, at most a batch of them. */
  async run(from, to) {
    const texts = [];
    for (let seed = from; seed < to; seed++) texts.push(inputOf(seed));
    await this.runTexts(texts, from);
  }

  async runTexts(texts, firstSeed = 0) {
    const readings = await this.#node.readAll(texts);
    for (const [index, text] of texts.entries()) this.#judge(firstSeed + index, text, readings[index]);
  }

  #judge(seed, text, node) {
    const bytes = Buffer.from(text, "latin1");
    const whole = readFast([bytes]);
    const { kind, rule } = compareReadings(node, whole);
    this.counts.inputs++;
    count(this.counts.verdicts, kind);
    if (rule !== undefined) count(this.counts.rules, rule);
    if (kind.startsWith("FINDING")) this.#find(seed, kind, text);
    const end = Math.max(1, bytes.length - SENTINEL.length);
    for (let at = 1; at <= end; at++) {
      this.counts.splits++;
      if (isSameInTwo(bytes, at, whole)) continue;
      this.#find(seed, `FINDING: split at ${at}`, text);
      break;
    }
  }

  #find(seed, kind, text) {
    this.findingCount++;
    if (this.findings.length < MAX_KEPT_FINDINGS) this.findings.push({ seed, kind, text });
  }
}

function count(record, name) {
  record[name] = (record[name] ?? 0) + 1;
}
