// Native addons are for one processor. An image for a platform that a package of the build has none for would fail when it is loaded, on the
// server; so it is refused here.
import { open, readdir } from "node:fs/promises";
import { join, sep } from "node:path";
import { DeployError } from "../deploy-error.ts";
import { type Platform, platformText } from "./platform.ts";

/** `e_machine` of an ELF header -> architecture as registries call it. */
const machines: Readonly<Record<number, string>> = { 3: "386", 40: "arm", 62: "amd64", 183: "arm64", 243: "riscv64" };
const elfMagic = 0x7f454c46;

/** Throws DeployError `native_addon_platform`. */
export async function checkNativeAddons(buildDir: string, platforms: readonly Platform[]): Promise<void> {
  const architectures = await addonArchitectures(join(buildDir, "node_modules"));
  for (const platform of platforms) {
    for (const [name, known] of architectures) {
      if (known.has(platform.architecture)) continue;
      throw new DeployError(
        "native_addon_platform",
        `${name} has native code for ${[...known].sort().join(", ")}, not for ${platformText(platform)}`,
        `Install its variant for that platform as well before you build (npm install --os=linux --cpu=${npmCpu(platform)}), or build on such a machine.`,
      );
    }
  }
}

function npmCpu({ architecture }: Platform): string {
  return architecture === "amd64" ? "x64" : architecture;
}

/** Name of a package -> architectures of its addons. Prebuilt ones often come in a package for each platform: "@img/sharp-linux-x64". */
async function addonArchitectures(folder: string): Promise<Map<string, Set<string>>> {
  const found = new Map<string, Set<string>>();
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  for (const path of names.filter((name) => name.endsWith(".node")).sort()) {
    const architecture = await architectureOf(join(folder, path));
    const name = familyName(path);
    found.set(name, (found.get(name) ?? new Set()).add(architecture));
  }
  return found;
}

/** The package that a file belongs to, without the platform in its name: variants of one addon are one. */
function familyName(path: string): string {
  const below = path.split(sep).join("/").split("node_modules/").at(-1)!;
  const [first, second] = below.split("/");
  const name = first!.startsWith("@") ? `${first}/${second}` : first!;
  return name.replace(/-(?:linux|linuxmusl|darwin|win32|android|freebsd)-.*$/, "");
}

async function architectureOf(file: string): Promise<string> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(20), 0, 20, 0);
    if (bytesRead < 20 || buffer.readUInt32BE(0) !== elfMagic) return "another system";
    const machine = buffer.readUInt8(5) === 1 ? buffer.readUInt16LE(18) : buffer.readUInt16BE(18);
    return machines[machine] ?? `machine ${machine}`;
  } finally {
    await handle.close();
  }
}
