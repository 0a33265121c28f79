// Runs the tests with Node's own runner: `npm test` runs all, `npm test -- packages/model conformance` those whose path contains one of
// the words, `npm test -- '!pages'` all but those whose path contains the word. Words that start with `--` are options of the runner.
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { packageFolders } from "./structure/package-folders.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
await import("./build.mjs");

const flags = process.argv.slice(2).filter((word) => word.startsWith("--"));
const words = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const wanted = words.filter((word) => !word.startsWith("!"));
const unwanted = words.filter((word) => word.startsWith("!")).map((word) => word.slice(1));

function isSelected(file) {
  const path = relative(root, file).replace("/dist/", "/src/");
  const isWanted = wanted.length === 0 || wanted.some((word) => path.includes(word));
  return isWanted && !unwanted.some((word) => path.includes(word));
}

function testsBelow(folder, ending) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .filter((file) => !/[\\/](node_modules|\.tenon|tmp)[\\/]/.test(relative(root, file)));
}

const files = [
  ...packageFolders(root).flatMap((folder) => testsBelow(`${folder}/dist`, ".test.js")),
  ...testsBelow("conformance", ".test.mjs"),
  ...testsBelow("scripts", ".test.mjs"),
  ...testsBelow("bench", ".test.mjs"),
]
  .filter(isSelected)
  .sort();

if (files.length === 0) {
  console.error("no test file matches");
  process.exit(1);
}

const counts = { tests: 0, pass: 0, fail: 0, skipped: 0, todo: 0, cancelled: 0 };
const child = spawn(
  process.execPath,
  [
    "--enable-source-maps",
    "--test",
    "--test-concurrency=2",
    "--test-reporter=spec",
    // Ends a file that hangs: far above what any needs.
    "--test-timeout=600000",
    ...flags,
    ...files,
  ],
  { cwd: root, stdio: ["ignore", "pipe", "inherit"] },
);
let tail = "";
child.stdout.on("data", (chunk) => {
  process.stdout.write(chunk);
  tail += chunk;
  const lines = tail.split("\n");
  tail = lines.pop();
  for (const line of lines) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the reporter colours its lines
    const match = /^(?:\u001b\[\d+m)?ℹ (tests|pass|fail|skipped|todo|cancelled) (\d+)/.exec(line);
    if (match) counts[match[1]] = Number(match[2]);
  }
});
child.on("close", (code) => {
  console.log(
    `${counts.pass} passed, ${counts.fail + counts.cancelled} failed, ${counts.skipped + counts.todo} skipped`,
  );
  if (code === 0 && counts.pass === 0) process.exit(1);
  process.exit(code ?? 1);
});
