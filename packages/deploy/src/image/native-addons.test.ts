import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { checkNativeAddons } from "./native-addons.ts";
import { parsePlatform } from "./platform.ts";

const amd64 = 0x3e;
const arm64 = 0xb7;

describe("native addons of a build", () => {
  let dir: string;
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), "tenon-addons-"));
  });
  after(() => rm(dir, { recursive: true, force: true }));

  const check = async (files: Readonly<Record<string, Uint8Array>>, ...platforms: string[]) => {
    const buildDir = await mkdtemp(join(dir, "build-"));
    for (const [path, bytes] of Object.entries(files)) {
      const file = join(buildDir, "node_modules", path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, bytes);
    }
    await checkNativeAddons(buildDir, platforms.map(parsePlatform));
  };

  test("none, or those for the platform, are fine", async () => {
    await check({}, "linux/amd64", "linux/arm64");
    await check({ "addon/build/addon.node": elf(amd64) }, "linux/amd64");
  });

  test("for other platforms are told with the package and what helps", async () => {
    const wanted = {
      code: "native_addon_platform",
      message: /^@img\/sharp has native code for amd64, not for linux\/arm64$/,
      hint: /--cpu=arm64/,
    };
    await assert.rejects(
      check({ "@img/sharp-linux-x64/lib/sharp.node": elf(amd64) }, "linux/amd64", "linux/arm64"),
      wanted,
    );
    await assert.rejects(check({ "addon/addon.node": Buffer.from("MZ".padEnd(64)) }, "linux/amd64"), /another system/);
  });

  test("with a variant for each platform are fine, in one package or in several", async () => {
    const variants = { "@img/sharp-linux-x64/sharp.node": elf(amd64), "@img/sharp-linux-arm64/sharp.node": elf(arm64) };
    await check(variants, "linux/amd64", "linux/arm64");
    const prebuilds = { "x/prebuilds/linux-x64/x.node": elf(amd64), "x/prebuilds/linux-arm64/x.node": elf(arm64) };
    await check(prebuilds, "linux/amd64", "linux/arm64");
  });
});

/** The start of a shared library for Linux, little-endian. */
function elf(machine: number): Uint8Array {
  const bytes = Buffer.alloc(64);
  bytes.write("\x7fELF\x02\x01\x01", "latin1");
  bytes.writeUInt16LE(machine, 18);
  return bytes;
}
