// Everything that must hold before a change lands, exactly as CI runs it: lint, structure, build with type check, tests. Runs all steps
// even when one fails (tests need a build, though), and ends with the counts of the tests.
import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

const steps = [
  { name: "lint", script: "node_modules/@biomejs/biome/bin/biome", args: ["check", "--error-on-warnings", "."] },
  { name: "structure", script: "scripts/check-structure.mjs", args: [] },
  { name: "build", script: "scripts/build.mjs", args: [], endsOnFailure: true },
  // The README's own command.
  { name: "tests", npm: ["test", "--silent"] },
];

/** Runs one step, passes its output through, and gives its exit code and the last line it printed. */
function run({ script, args, npm }) {
  return new Promise((resolve, reject) => {
    const [command, words] = npm === undefined ? [process.execPath, [join(root, script), ...args]] : ["npm", npm];
    const child = spawn(command, words, {
      cwd: root,
      shell: npm !== undefined && process.platform === "win32",
      stdio: ["ignore", "pipe", "inherit"],
    });
    let lastLine = "";
    let rest = "";
    child.stdout.setEncoding("utf8").on("data", (text) => {
      process.stdout.write(text);
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      lastLine = lines.filter((line) => line.trim() !== "").at(-1) ?? lastLine;
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 1, lastLine: rest.trim() || lastLine }));
  });
}

const results = [];
let counts = "0 passed, 0 failed, 0 skipped";
for (const step of steps) {
  console.log(`--- ${step.name}`);
  const startedAt = performance.now();
  const { code, lastLine } = await run(step);
  results.push({ step, code, seconds: (performance.now() - startedAt) / 1000 });
  if (step.name === "tests") counts = lastLine;
  if (code !== 0 && step.endsOnFailure) break;
}

console.log("--- verify");
for (const { step, code, seconds } of results) {
  console.log(`${code === 0 ? "ok    " : "FAILED"} ${step.name.padEnd(10)} ${seconds.toFixed(1)} s`);
}
if (results.length < steps.length) console.log("the steps after it did not run");
console.log(counts);
process.exitCode = results.length === steps.length && results.every(({ code }) => code === 0) ? 0 : 1;
