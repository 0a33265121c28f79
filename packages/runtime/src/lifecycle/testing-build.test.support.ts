// For tests: writes a small build by hand, with two services that call each other, and starts real service processes from it.
import { type ChildProcess, fork } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { fileURLToPath } from "node:url";
import type { Endpoint, Graph, HttpMethod, PathSegment, RequestField } from "@tenon/model";
import type { HostConfig } from "./host-config.ts";
import { HANDLER_SOURCES } from "./testing-handlers.test.support.ts";
import type { FromWorker, ToWorker } from "./worker-messages.ts";

const RUNTIME_URL = new URL("../index.js", import.meta.url).href;
const WORKER = fileURLToPath(new URL("./worker.js", import.meta.url));

export const CREDENTIAL = "the credential of the test app";

/** Combinators that make codecs as the compiler's output would behave; only as much as the tests need. */
const CODEC_KIT = `
const wrong = (issues, path, code, message) => { issues.push({ path, code, message }); };
const leaf = (check, decode, encode) => ({ check, decode, encode });
const kindOf = (value) => (value === null ? "null" : Array.isArray(value) ? "an array" : "a " + typeof value);
export const string = leaf((v) => typeof v === "string" || "must be a string, got " + kindOf(v), (w) => w, (v) => v);
export const number = leaf((v) => typeof v === "number" || "must be a number, got " + kindOf(v), (w) => w, (v) => v);
export const any = leaf(() => true, (w) => w, (v) => (v === undefined ? undefined : JSON.parse(JSON.stringify(v))));
export const date = leaf((v) => v instanceof Date || "must be a Date, got " + kindOf(v),
  (w) => (typeof w === "string" ? new Date(w) : w), (v) => v.toISOString());
export const bigint = leaf((v) => typeof v === "bigint" || "must be a bigint, got " + kindOf(v),
  (w) => (typeof w === "string" ? BigInt(w) : w), (v) => v.toString());
export function object(fields) {
  const walk = (value, issues, each) => {
    if (typeof value !== "object" || value === null) { wrong(issues, "", "invalid_type", "must be an object, got " + kindOf(value)); return; }
    const out = {};
    for (const [name, field] of Object.entries(fields)) {
      const optional = Array.isArray(field);
      const codec = optional ? field[0] : field;
      if (value[name] === undefined) { if (!optional) wrong(issues, name, "required", "is required"); continue; }
      out[name] = each(codec, value[name], name);
    }
    return out;
  };
  const checked = (codec, value, name, issues) => {
    const verdict = codec.check(value);
    if (verdict !== true) { wrong(issues, name, "invalid_type", verdict); return false; }
    return true;
  };
  return {
    decode: (wire, issues) => walk(wire, issues, (codec, w, name) => { const v = codec.decode(w); checked(codec, v, name, issues); return v; }),
    encode: (value, issues) => walk(value, issues, (codec, v, name) => (checked(codec, v, name, issues) ? codec.encode(v) : undefined)),
    copy: (value, issues) => walk(value, issues, (codec, v, name) =>
      checked(codec, v, name, issues) ? (v instanceof Date ? new Date(v) : typeof v === "object" ? codec.decode(codec.encode(v)) : v) : undefined),
  };
}
export function request(fields, places) {
  const codec = object(fields);
  return { ...codec, decodeHttp(raw, issues) {
    const wire = {};
    const query = new URLSearchParams(raw.query);
    const params = [...raw.params];
    for (const name of Object.keys(fields)) {
      const place = places[name];
      if (place === "path") wire[name] = params.shift();
      else if (place === "query") wire[name] = query.get(name) ?? undefined;
      else if (place === "header") wire[name] = raw.header(name);
      else wire[name] = raw.body?.[name];
    }
    return codec.decode(wire, issues);
  } };
}
`;

interface TestEndpoint {
  readonly methods?: readonly HttpMethod[];
  readonly path: string;
  readonly expose?: boolean;
  readonly bodyLimitBytes?: number | null;
  /** Field name -> where it is; "body" makes the endpoint read one. */
  readonly fields?: Readonly<Record<string, RequestField["in"]>>;
  /** Source text of the codecs in terms of the kit. */
  readonly request?: string;
  readonly response?: string;
}

export function pathSegments(pattern: string): PathSegment[] {
  if (pattern === "/") return [];
  return pattern
    .slice(1)
    .split("/")
    .map((part): PathSegment => {
      if (part.startsWith(":")) return { kind: "param", name: part.slice(1) };
      if (part.startsWith("*")) return { kind: "wildcard", name: part.slice(1) };
      if (part.startsWith("!")) return { kind: "fallback", name: part.slice(1) };
      return { kind: "literal", value: part };
    });
}

function endpointOf(name: string, declared: TestEndpoint): Endpoint {
  return {
    name,
    kind: "typed",
    methods: declared.methods ?? ["POST"],
    path: { pattern: declared.path, segments: pathSegments(declared.path) },
    expose: declared.expose ?? true,
    auth: false,
    sensitive: false,
    tags: [],
    bodyLimitBytes: declared.bodyLimitBytes === undefined ? 2 * 1024 * 1024 : declared.bodyLimitBytes,
    fields: Object.entries(declared.fields ?? {}).map(([field, place]) => ({
      name: field,
      in: place,
      wireName: field,
    })),
    location: { file: "test.ts", line: 1, column: 1 },
  };
}

const VALUE = "{ text: string, at: date, big: bigint, details: [any] }";

export const ENDPOINTS: Readonly<Record<string, Readonly<Record<string, TestEndpoint>>>> = {
  orders: {
    relay: {
      path: "/relay",
      fields: { call: "body", request: "body", options: "body" },
      request:
        'request({ call: string, request: [any], options: [any] }, { call: "body", request: "body", options: "body" })',
      response: "object({ outcome: any })",
    },
    concurrent: {
      path: "/concurrent",
      fields: { count: "body" },
      request: 'request({ count: number }, { count: "body" })',
      response: "object({ outcome: any })",
    },
  },
  users: {
    get: {
      methods: ["GET"],
      path: "/users/:id",
      fields: { id: "path", verbose: "query" },
      request: 'request({ id: string, verbose: [string] }, { id: "path", verbose: "query" })',
      response: "object({ id: string, seen: any })",
    },
    echo: {
      path: "/echo",
      fields: { text: "body", at: "body", big: "body", details: "body" },
      request: `request(${VALUE}, {})`,
      response: `object(${VALUE})`,
    },
    small: {
      path: "/small",
      bodyLimitBytes: 64,
      fields: { text: "body" },
      request: "request({ text: string }, {})",
      response: "object({ text: string })",
    },
    fail: {
      path: "/fail",
      fields: { how: "body" },
      request: "request({ how: string }, {})",
      response: "object({ text: string })",
    },
    headers: { methods: ["GET"], path: "/headers", response: "object({ value: any })", fields: { "x-a": "header" } },
    hang: { path: "/hang", expose: true },
    state: { methods: ["GET"], path: "/state", response: "object({ value: any })" },
    nothing: { path: "/nothing" },
    hidden: { path: "/hidden", expose: false, response: "object({ text: string })" },
  },
};

export function testGraph(): Graph {
  return {
    version: 1,
    app: { id: "testapp" },
    services: Object.entries(ENDPOINTS).map(([name, endpoints]) => ({
      name,
      directory: name,
      endpoints: Object.entries(endpoints).map(([endpoint, declared]) => endpointOf(endpoint, declared)),
      calls:
        name === "orders" ? Object.keys(ENDPOINTS["users"]!).map((endpoint) => ({ service: "users", endpoint })) : [],
      databases: [],
      secrets: name === "users" ? ["apiKey"] : [],
    })),
    databases: [],
    secrets: [{ name: "apiKey", services: ["users"], location: { file: "test.ts", line: 1, column: 1 } }],
    schemas: {},
  };
}

export interface TestBuild {
  readonly dir: string;
  remove(): void;
}

/** `overrides` replaces the source of a service's bundle. */
export function writeTestBuild(overrides: Readonly<Record<string, string>> = {}): TestBuild {
  const dir = mkdtempSync(join(tmpdir(), "tenon-build-"));
  mkdirSync(join(dir, "services"));
  mkdirSync(join(dir, "codecs"));
  writeFileSync(join(dir, "package.json"), '{"type":"module"}');
  writeFileSync(join(dir, "codecs/kit.js"), CODEC_KIT);
  const services: Record<string, { bundle: string; codecs: string }> = {};
  for (const [name, endpoints] of Object.entries(ENDPOINTS)) {
    services[name] = { bundle: `services/${name}.js`, codecs: `codecs/${name}.js` };
    const codecs = Object.entries(endpoints).map(
      ([endpoint, { request = "null", response = "null" }]) =>
        `  ${endpoint}: { request: ${request}, response: ${response} },`,
    );
    writeFileSync(
      join(dir, `codecs/${name}.js`),
      `import { any, bigint, date, number, object, request, string } from "./kit.js";\nexport const codecs = {\n${codecs.join("\n")}\n};\n`,
    );
    const source = overrides[name] ?? HANDLER_SOURCES[name]!;
    writeFileSync(join(dir, `services/${name}.js`), source.replaceAll("@tenon/runtime", RUNTIME_URL));
  }
  writeFileSync(join(dir, "app.json"), JSON.stringify(testGraph()));
  writeFileSync(join(dir, "build.json"), JSON.stringify({ services }));
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) };
}

export function testConfig(buildDir: string, parts: Partial<HostConfig>): HostConfig {
  return {
    buildDir,
    services: ["orders", "users"],
    internal: { host: "127.0.0.1", port: 0 },
    gateway: null,
    remotes: {},
    credential: CREDENTIAL,
    databases: {},
    secrets: { apiKey: "k" },
    telemetry: { otlpEndpoint: null, sample: 1, flushIntervalMs: 20 },
    development: false,
    ...parts,
  };
}

export interface TestWorker {
  readonly process: ChildProcess;
  readonly answer: FromWorker;
  /** What it has written so far. */
  output(): string;
  send(message: ToWorker): void;
  /** Resolves with the exit code, or the signal's name. */
  readonly exited: Promise<number | string | null>;
  stop(): Promise<number | string | null>;
}

const living = new Set<ChildProcess>();
// A test that fails leaves its processes behind; they must not keep the whole run waiting.
after(() => {
  for (const child of living) child.kill("SIGKILL");
});

/** Starts a real service process and waits for its first answer. */
export async function startWorker(config: HostConfig): Promise<TestWorker> {
  const child = fork(WORKER, [], { stdio: ["ignore", "pipe", "pipe", "ipc"] });
  living.add(child);
  child.once("exit", () => living.delete(child));
  let output = "";
  child.stdout?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  // What it said at its end may be read after its exit; "close" does not come where the channel was left by this side.
  const wasRead = [child.stdout!, child.stderr!].map(
    (stream) => new Promise((resolve) => stream.once("close", resolve)),
  );
  const exited = new Promise<number | string | null>((resolve) =>
    child.once("exit", (code, signal) => void Promise.all(wasRead).then(() => resolve(signal ?? code))),
  );
  const answer = await new Promise<FromWorker>((resolve, reject) => {
    child.once("message", (message) => resolve(message as FromWorker));
    child.once("exit", (code) => reject(new Error(`the worker exited with ${code} before it answered:\n${output}`)));
    child.send({ type: "start", config } satisfies ToWorker);
  });
  const send = (message: ToWorker) => void child.send(message);
  return {
    process: child,
    answer,
    output: () => output,
    send,
    exited,
    stop() {
      if (child.connected) send({ type: "stop", timeoutMs: 2_000 });
      return exited;
    },
  };
}
