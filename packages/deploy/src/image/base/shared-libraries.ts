// Which shared libraries a program loads when it starts, by the system's own loader (`ldd`), and those that the C library loads by name later.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { DeployError } from "../../deploy-error.ts";

const run = promisify(execFile);

/** Part of the C library itself since glibc 2.34. */
const loadedByName = ["libnss_dns.so.2", "libnss_files.so.2", "libresolv.so.2"];

/** Absolute paths, as the loader looks for them, sorted. Throws DeployError `base_unusable`. */
export async function sharedLibraries(program: string): Promise<string[]> {
  const found = parseLdd(await loaderSays(program));
  const libc = found.find((file) => /\/libc\.so\.6$/.test(file));
  if (libc === undefined) {
    throw new DeployError(
      "base_unusable",
      `${program} is not linked against the GNU C library, which a base image of this machine's parts needs`,
      "Take a base image from a registry: leave out --base offline, or name another with --base.",
    );
  }
  const later = loadedByName.map((name) => join(dirname(libc), name)).filter((file) => existsSync(file));
  return [...new Set([...found, ...later])].sort();
}

async function loaderSays(program: string): Promise<string> {
  try {
    return (await run("ldd", [program])).stdout;
  } catch (error) {
    throw new DeployError(
      "base_unusable",
      `the libraries of ${program} can't be told: ${(error as Error).message.trim()}`,
      "Take a base image from a registry: leave out --base offline, or name another with --base.",
    );
  }
}

/** "libm.so.6 => /lib/libm.so.6 (0x..)" and "/lib64/ld-linux-x86-64.so.2 (0x..)"; what the kernel provides has no path. */
export function parseLdd(output: string): string[] {
  return output.split("\n").flatMap((line) => {
    const file = /(?:=>\s+)?(\/\S+)\s+\(0x/.exec(line)?.[1];
    return file === undefined ? [] : [file];
  });
}
