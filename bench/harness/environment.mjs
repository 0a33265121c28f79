// What a result depends on besides the code: machine, versions, commit.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus, release, totalmem, type } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "../..");

/** `node` is the one that the measured programs run on. */
export function describeEnvironment(node = process.execPath) {
  const processors = cpus();
  return {
    cpu: processors[0]?.model ?? "unknown",
    cores: processors.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    node: versionOfNode(node),
    tenon: versionOf("packages/tenon"),
    typescript: versionOf("node_modules/typescript-native"),
    commit: git("rev-parse", "--short", "HEAD") ?? "unknown",
    uncommittedChanges: git("status", "--porcelain") !== "",
  };
}

function versionOf(folder) {
  return JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")).version;
}

export function versionOfNode(node) {
  return node === process.execPath
    ? process.version
    : spawnSync(node, ["--version"], { encoding: "utf8" }).stdout.trim();
}

function git(...args) {
  const result = spawnSync("git", ["-c", "safe.directory=*", ...args], { cwd: root, encoding: "utf8" });
  return result.status === 0 ? result.stdout.trim() : undefined;
}
