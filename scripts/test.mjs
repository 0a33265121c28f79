// Runs the tests with Node's own runner: `npm test` runs all, `npm test -- packages/model conformance` those whose path contains one of
// the words, `npm test -- '!pages'` all but those whose path contains the word. Words that start with `--` are options of the runner.
// With TENON_TEST_AGAIN set, as in CI, a few files that fail are run again before they count as failed (docs/decisions/0062).
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { packageFolders } from "./structure/package-folders.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
await import("./build.mjs");

const MOST_FILES_AGAIN = 3;
const TIMES_AGAIN = 3;

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

const first = await run(files);
const { counts } = first;
let { isGreen } = first;
if (!isGreen && process.env.TENON_TEST_AGAIN !== undefined && (await passAgain(first.failedFiles))) {
  counts.pass += counts.fail + counts.cancelled;
  counts.fail = counts.cancelled = 0;
  isGreen = true;
}
console.log(`${counts.pass} passed, ${counts.fail + counts.cancelled} failed, ${counts.skipped + counts.todo} skipped`);
process.exitCode = isGreen && counts.pass > 0 ? 0 : 1;

/**
 * Whether the files in which a test failed pass whenever they are run again, alone. More than a few are no matter of chance. What is no test
 * file, as one that test files share, has nothing in it that could fail: that it passes would say nothing.
 */
async function passAgain(failed) {
  if (failed.length === 0 || failed.length > MOST_FILES_AGAIN) return false;
  const shared = failed.filter((file) => !files.includes(file));
  if (shared.length > 0) {
    console.log(`not run again: ${shared.map((file) => relative(root, file)).join(", ")} is no test file by itself`);
    return false;
  }
  for (const file of failed) {
    for (let time = 1; time <= TIMES_AGAIN; time++) {
      console.log(`--- ${relative(root, file)} once more, alone (${time} of ${TIMES_AGAIN})`);
      const { isGreen } = await run([file]);
      if (!isGreen) return false;
    }
  }
  console.log(`FLAKY: failed above, then passed ${TIMES_AGAIN} times alone; to be mended before anything else:`);
  for (const file of failed) console.log(`FLAKY: ${relative(root, file)}`);
  return true;
}

async function run(files) {
  const folder = mkdtempSync(join(tmpdir(), "tenon-tests-"));
  const failedList = join(folder, "failed");
  const child = spawn(
    process.execPath,
    [
      "--enable-source-maps",
      "--test",
      "--test-concurrency=2",
      "--test-reporter=spec",
      "--test-reporter-destination=stdout",
      `--test-reporter=${pathToFileURL(join(root, "scripts/failed-files.mjs"))}`,
      `--test-reporter-destination=${failedList}`,
      // Ends a file that hangs: far above what any needs.
      "--test-timeout=600000",
      ...flags,
      ...files,
    ],
    { cwd: root, stdio: ["ignore", "pipe", "inherit"] },
  );
  const counts = { tests: 0, pass: 0, fail: 0, skipped: 0, todo: 0, cancelled: 0 };
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
  const [code] = await once(child, "close");
  const named = existsSync(failedList) ? readFileSync(failedList, "utf8").split("\n").filter(Boolean) : [];
  rmSync(folder, { recursive: true });
  return { counts, isGreen: code === 0, failedFiles: [...new Set(named.map(fileThatRan))] };
}

/** Node follows source maps and names the TypeScript that a test was built from. */
function fileThatRan(file) {
  return file.replace(/([\\/])src([\\/].*)\.ts$/, "$1dist$2.js");
}
