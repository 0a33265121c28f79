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

// Grows the batch until it takes half as long as the sample shall, so that fast and slow cases are warmed up and measured equally long.
let iterations = 64;
let nanos = await cpuNanosOf(iterations);
while (nanos < targetMs * 5e5) {
  iterations *= 2;
  nanos = await cpuNanosOf(iterations);
}
const measured = Math.ceil((iterations * targetMs * 1e6) / nanos);
console.log(JSON.stringify({ nanosPerIteration: (await cpuNanosOf(measured)) / measured, iterations: measured }));
process.exit(0);
