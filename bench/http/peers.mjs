// Who is measured: Tenon with its settings, and the others, each as the words that start one fresh server.
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { root } from "../harness/environment.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);
const rootRequire = createRequire(join(root, "package.json"));
const compiledDir = join(root, "bench/tmp/peers");

const bun = {
  "linux-x64": "linux-x64",
  "linux-arm64": "linux-aarch64",
  "darwin-x64": "darwin-x64",
  "darwin-arm64": "darwin-aarch64",
}[`${process.platform}-${process.arch}`];

const onNode = (script) => ({
  command: ({ node, control }) => [node, ...(control ? ["--import", control] : []), ...script],
});

/** Auth belongs to a whole app in Tenon and to a route elsewhere, so the scenario `me` has an app of its own. */
function tenon(name, title, { tracing, only, env = {}, args = [] }) {
  const appOf = (scenario) => (scenario === "me" ? "tenon-auth" : "tenon");
  return {
    name,
    title,
    tracing,
    only,
    versionOf: "tenon",
    build: buildTenonApps,
    for: (scenario) => onNode([join(here, appOf(scenario), ".tenon/build/main.js"), "start", ...args]),
    env: { TENON_LOG_LEVEL: "warn", ...env },
  };
}

function other(name, title, file, versionOf) {
  return { name, title, versionOf, for: () => onNode([join(here, "peers", file)]) };
}

/** `only`: the scenarios in which a variant is measured when none are named. */
const all = [
  tenon("tenon", "Tenon", { tracing: "exported" }),
  tenon("tenon-untraced", "Tenon, tracing off", {
    tracing: "off",
    only: ["hello", "schema"],
    env: { TENON_TRACE_SAMPLE: "0" },
  }),
  tenon("tenon-compat", "Tenon, fast lane off", {
    tracing: "exported",
    only: ["hello", "schema"],
    env: { TENON_FAST_LANE: "off" },
  }),
  tenon("tenon-2", "Tenon, two workers", { tracing: "exported", only: ["hello"], args: ["--workers", "2"] }),
  other("http", "bare node:http", "node-http.mjs"),
  other("express", "Express", "express.mjs", "express"),
  other("fastify", "Fastify", "fastify.mjs", "fastify"),
  other("hono", "Hono", "hono.mjs", "hono"),
  {
    ...other("nest", "NestJS on Fastify", "nest.ts", "@nestjs/core"),
    build: compileNest,
    for: () => onNode([join(compiledDir, "nest.mjs")]),
  },
  {
    ...other("elysia", "Elysia on Bun", "elysia.mjs", "elysia"),
    runtime: "bun",
    for: () => ({
      command: ({ control }) => [bunPath(), ...(control ? ["--preload", control] : []), join(here, "peers/elysia.mjs")],
    }),
  },
];

export const defaultPeers = all.map(({ name }) => name);

/** `tenon`, `fastify`, or one that runs elsewhere: `encore=http://127.0.0.1:4000`, `encore=http://127.0.0.1:4000,pid=123`. */
export function findPeer(word) {
  const given = /^([\w-]+)=(https?:\/\/[^,]+?)\/?(?:,pid=(\d+))?$/.exec(word);
  if (given !== null) {
    const [, name, url, pid] = given;
    return { name, title: name, url, pid: pid === undefined ? undefined : Number(pid), for: () => ({}) };
  }
  const peer = all.find(({ name }) => name === word);
  if (peer === undefined) throw new Error(`no peer "${word}"; there are ${all.map(({ name }) => name).join(", ")}`);
  return peer;
}

/** The newest of what is measured, for the results. */
export function versionOf({ versionOf: name, runtime, url }) {
  if (url !== undefined) return "given from outside";
  if (name === undefined) return "";
  const at =
    name === "tenon" ? join(root, "packages/tenon/package.json") : join(here, "../node_modules", name, "package.json");
  const { version } = JSON.parse(readFileSync(at, "utf8"));
  if (runtime !== "bun") return version;
  return `${version}, Bun ${spawnSync(bunPath(), ["--version"], { encoding: "utf8" }).stdout.trim()}`;
}

function bunPath() {
  return join(dirname(require.resolve(`@oven/bun-${bun}/package.json`)), "bin/bun");
}

function buildTenonApps() {
  for (const folder of ["tenon", "tenon-auth"]) buildTenonApp(folder);
}

function buildTenonApp(folder) {
  const args = [join(root, "packages/tenon/bin/tenon.js"), "build", join(here, folder)];
  const result = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (result.status !== 0) throw new Error(`tenon build ${folder}: ${result.stdout}${result.stderr}`);
}

/** Nest needs the types of parameters at run time, which only TypeScript's own emitter writes. */
function compileNest() {
  const typescript = rootRequire("typescript-classic");
  const { outputText } = typescript.transpileModule(readFileSync(join(here, "peers/nest.ts"), "utf8"), {
    compilerOptions: {
      target: typescript.ScriptTarget.ES2022,
      module: typescript.ModuleKind.ESNext,
      experimentalDecorators: true,
      emitDecoratorMetadata: true,
    },
  });
  mkdirSync(compiledDir, { recursive: true });
  writeFileSync(join(compiledDir, "nest.mjs"), outputText);
}
