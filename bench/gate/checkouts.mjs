// The two checkouts that the gate compares: this one, built, and the base in a git worktree of its own under bench/tmp.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { root } from "../harness/environment.mjs";

const baseDir = join(root, "bench/tmp/gate-base");

/** Builds both and gives their `packages` folders. */
export function buildCheckouts(ref) {
  removeBase();
  mkdirSync(dirname(baseDir), { recursive: true });
  run(root, "git", ["-c", "safe.directory=*", "worktree", "add", "--detach", "--force", baseDir, ref]);
  installDependencies();
  for (const checkout of [baseDir, root]) run(checkout, process.execPath, ["scripts/build.mjs"]);
  return { base: join(baseDir, "packages"), head: join(root, "packages") };
}

export function removeBase() {
  rmSync(baseDir, { recursive: true, force: true });
  run(root, "git", ["-c", "safe.directory=*", "worktree", "prune"]);
}

/** The same lock file needs no second installation: third-party packages are linked, our own are the base's. */
function installDependencies() {
  if (textOf(root, "package-lock.json") !== textOf(baseDir, "package-lock.json")) {
    run(baseDir, "npm", ["ci", "--ignore-scripts"]);
    return;
  }
  linkModules(join(root, "node_modules"), join(baseDir, "node_modules"));
  for (const name of readdirSync(join(baseDir, "packages"))) {
    const own = join("packages", name, "node_modules");
    if (existsSync(join(root, own))) linkModules(join(root, own), join(baseDir, own));
  }
}

function linkModules(from, to) {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const source = join(from, entry.name);
    if (entry.name.startsWith("@")) {
      linkModules(source, join(to, entry.name));
      continue;
    }
    // A workspace is a link into this checkout; in the base it must lead into the base.
    const inCheckout = relative(realpathSync(root), realpathSync(source));
    const isWorkspace = entry.isSymbolicLink() && !inCheckout.split(sep).includes("node_modules");
    symlinkSync(isWorkspace ? join(baseDir, inCheckout) : source, join(to, entry.name));
  }
}

function textOf(checkout, path) {
  return readFileSync(join(checkout, path), "utf8");
}

function run(cwd, command, args) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} in ${cwd} ended with ${status}: ${stdout}${stderr}`);
}
