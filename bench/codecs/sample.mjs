// One sample of one operation: `sample.mjs <packages folder> <operation> <milliseconds>`. A fresh process, so that what the compiler has
// learnt of one operation does not help or hurt another; prints the CPU time of one.
import { loadCodecs } from "./load-codecs.mjs";
import { operationsOf } from "./operations.mjs";

const [packagesDir, name, millisText] = process.argv.slice(2);
const { codecs, text } = await loadCodecs(packagesDir);
const operation = operationsOf(codecs)[name];

function cpuNanosOf(count) {
  const before = process.cpuUsage();
  operation(count);
  const { user, system } = process.cpuUsage(before);
  return (user + system) * 1_000;
}

let count = 16;
while (cpuNanosOf(count) < Number(millisText) * 1e5) count *= 2;
const measured = count * 10;
console.log(JSON.stringify({ nanos: cpuNanosOf(measured) / measured, text }));
