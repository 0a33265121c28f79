// The hot path of the gate: what two requests have read and written for them, one with a path parameter, one with query, header and body.
import { loadCodecs } from "./load-codecs.mjs";
import { operationsOf } from "./operations.mjs";

const measured = [
  "hello decodeHttp",
  "hello encode",
  "schema decodeHttp",
  "schema copy",
  "schema encode",
  "item encode",
];
let operations;

export async function prepare(packagesDir) {
  const all = operationsOf((await loadCodecs(packagesDir)).codecs);
  operations = measured.map((name) => all[name]);
}

export function run(iterations) {
  for (const operation of operations) operation(iterations);
}
