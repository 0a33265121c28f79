// The generated projection of a list on its way out.
import { loadCodecs } from "../../codecs/load-codecs.mjs";
import { operationsOf } from "../../codecs/operations.mjs";

let operation;

export async function prepare(packagesDir) {
  const { codecs } = await loadCodecs(packagesDir);
  operation = operationsOf(codecs)["list encode"];
}

export const run = (iterations) => operation(iterations);
