// An app as functions: built, cut into a unit per service and one for the public door, each with the entry and the infra.json of its own.
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { builtOnce } from "../built-once.mjs";
import { root } from "../tenon.mjs";

const { cutBuild } = await import(join(root, "packages/compiler/dist/index.js"));

/**
 * @param {string} appDir
 * @param {string} entry text of the module that the platform loads
 * @param {{ file: string, start: (unit: { name: string, dir: string, env: () => Record<string, string> }) => Promise<{ url: string, output: string, begin?(): Promise<void>, stop(): Promise<void> }> }} platform
 * @param {{ infra?: object, env?: Record<string, string>, isSplit?: boolean }} [options]
 */
export async function startFunctions(appDir, entry, platform, { infra = {}, env = {}, isSplit = true } = {}) {
  const buildDir = await builtOnce(appDir);
  await mkdir(join(appDir, ".tenon/functions"), { recursive: true });
  const { services } = JSON.parse(await readFile(join(buildDir, "app.json"), "utf8"));
  const names = services.map(({ name }) => name);
  const units = isSplit
    ? [
        ...names.map((name) => ({ name, services: [name], gateway: false })),
        { name: "gateway", services: [], gateway: true },
      ]
    : [{ name: "app", services: names, gateway: true }];
  const running = new Map();
  const stop = async () => void (await Promise.all([...running.values()].map((one) => one.stop())));
  const addresses = {};
  const place = (name) => ({ base_url: { $env: `${name.toUpperCase()}_URL` } });
  try {
    for (const { name, services: hosted, gateway } of units) {
      const dir = join(appDir, ".tenon/functions", name);
      if (!existsSync(dir)) await cutBuild({ buildDir, outDir: dir, services: hosted, gateway });
      await writeFile(join(dir, platform.file), entry);
      const others = isSplit ? names.filter((other) => other !== name) : [];
      const content = {
        auth: [{ type: "key", id: 1, key: { $env: "TENON_KEY" } }],
        service_discovery: Object.fromEntries(others.map((other) => [other, place(other)])),
        ...infra,
      };
      await writeFile(join(dir, "infra.json"), JSON.stringify(content));
    }
    // Addresses are known when a function is there, and read when its first process starts.
    for (const { name } of units) {
      const dir = join(appDir, ".tenon/functions", name);
      const variables = () => ({ TENON_KEY: "a key of at least sixteen characters", ...addresses, ...env });
      const one = await platform.start({ name, dir, env: variables });
      running.set(name, one);
      addresses[`${name.toUpperCase()}_URL`] = one.url;
    }
    await Promise.all([...running.values()].map((one) => one.begin?.()));
    const front = running.get(isSplit ? "gateway" : "app");
    return {
      gateway: front.url,
      units: running,
      output: () => [...running.values()].map(({ output }) => output).join("\n"),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
