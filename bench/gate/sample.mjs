// One sample of one hot path: `sample.mjs <case file> <packages folder> <milliseconds>`. A fresh process prepares the case on that
// checkout, warms it up until it is compiled, and prints the CPU time of one iteration in nanoseconds.
import { pathToFileURL } from "node:url";

const [caseFile, packagesDir, millisText] = process.argv.slice(2);
const targetMs = Number(millisText);
const { prepare, run } = await import(pathToFileURL(caseFile).href);

await prepare(packagesDir);

async function cpuNanosOf(iterations) {
  const before = process.cpuUsage();
  await run(iterations);
  const { user, system } = process.cpuUsage(before);
  return (user + system) * 1_000;
}

// Grows the batch until it takes a tenth of the sample, so that fast and slow cases are measured equally long; this is the warm-up, too.
let iterations = 1_000;
let nanos = await cpuNanosOf(iterations);
while (nanos < targetMs * 1e5) {
  iterations *= 2;
  nanos = await cpuNanosOf(iterations);
}
await run(iterations * 5);
const measured = iterations * 10;
console.log(JSON.stringify({ nanosPerIteration: (await cpuNanosOf(measured)) / measured, iterations: measured }));
process.exit(0);
