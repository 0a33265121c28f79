// The Node of an offline base image: the one that runs this command, or a version that npm has as `node-linux-<architecture>`.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, realpath } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { DeployError } from "../../deploy-error.ts";

const run = promisify(execFile);

/** Absolute path. `cacheDir`: where versions from npm are kept. Throws DeployError `base_unusable`, `setting_invalid`. */
export async function offlineNode(version: string | undefined, cacheDir: string): Promise<string> {
  if (version === undefined) return realpath(process.execPath);
  if (!/^\d+\.\d+\.\d+$/.test(version)) {
    throw new DeployError("setting_invalid", `--node must be a version, got "${version}"`, 'Three numbers: "24.21.0".');
  }
  const name = `node-linux-${process.arch}`;
  const folder = join(cacheDir, `node-${version}`);
  const file = join(folder, "node_modules", name, "bin", "node");
  if (existsSync(file)) return file;
  await mkdir(folder, { recursive: true });
  const options = ["--ignore-scripts", "--no-save", "--no-audit", "--no-fund", "--prefix", folder];
  try {
    await run("npm", ["install", ...options, `${name}@${version}`], { cwd: folder });
    return await realpath(file);
  } catch (error) {
    const lines = ((error as { stderr?: string }).stderr || (error as Error).message).trim().split("\n");
    const reason = lines.find((line) => /^npm (?:error|ERR!) (?!code )/.test(line)) ?? lines[0];
    throw new DeployError(
      "base_unusable",
      `Node ${version} could not be had from npm as ${name}: ${reason}`,
      "Name a version that is there, or leave out --node to take the Node that runs this command.",
    );
  }
}
