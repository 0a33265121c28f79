// The generated decoder of a request with a header, a query and a body.
import { loadCodecs } from "../../codecs/load-codecs.mjs";
import { operationsOf } from "../../codecs/operations.mjs";

let operation;

export async function prepare(packagesDir) {
  const { codecs } = await loadCodecs(packagesDir);
  operation = operationsOf(codecs)["schema decodeHttp"];
}

export const run = (iterations) => operation(iterations);
