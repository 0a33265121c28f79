// For tests: a small app of two services, one in Tenon's own style and one in that of Encore.ts, that call each other by type; and
// what it takes to run a build of it.
import { execFile } from "node:child_process";
import { mkdir, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";
import { promisify } from "node:util";
import { locateTenon, type TenonPackage } from "./app/locate-tenon.ts";
import { temporaryApp } from "./testing-app.test.support.ts";

const run = promisify(execFile);

export const installedTenon = locateTenon(import.meta.dirname) as TenonPackage;

export const jointApp = {
  "tenon.json": '{ "id": "joint" }',
  "package.json": '{ "private": true }',
  "tsconfig.json": `{
  "compilerOptions": {
    "target": "es2022", "module": "esnext", "moduleResolution": "bundler", "strict": true, "noEmit": true, "skipLibCheck": true, "types": [],
    "paths": { "~tenon/*": ["./.tenon/gen/*"], "~encore/*": ["./encore.gen/*"], "@shared/*": ["./shared/*"] }
  },
  "include": ["**/*.ts"]
}
`,
  "shared/names.ts": `export const greeting: string = "Ada";\n`,
  "users/tenon.service.ts": `import { Service } from "tenon/service";\n\nexport default new Service("users");\n`,
  "users/users.ts": `import { api } from "tenon/api";
import { greeting } from "@shared/names";

/** Finds one user. */
export const get = api({ method: "GET", path: "/users/:id", expose: true }, async ({ id }: { id: string }) => ({
  id,
  name: greeting,
  since: new Date(0),
}));

export const ping = api({}, async () => {});
`,
  "orders/encore.service.ts": `import { Service } from "encore.dev/service";\n\nexport default new Service("orders");\n`,
  "orders/orders.ts": `import { api } from "encore.dev/api";
import { users } from "~encore/clients";

interface Order {
  customer: string;
  year: number;
}

export const create = api({ method: "POST", path: "/orders", expose: true }, async (): Promise<Order> => {
  await users.ping();
  const user = await users.get({ id: "123" }, { timeoutMs: 5000 });
  return { customer: user.name, year: user.since.getUTCFullYear() };
});
`,
} as const;

/** The app in a temporary folder, with tenon installed in it as a link. */
export async function jointAppFolder(t: TestContext, changes: Readonly<Record<string, string>> = {}): Promise<string> {
  const appDir = await temporaryApp(t, { ...jointApp, ...changes });
  await mkdir(join(appDir, "node_modules"), { recursive: true });
  await symlink(installedTenon.dir, join(appDir, "node_modules/tenon"));
  return appDir;
}

/** Plain TypeScript as the user runs it; what it prints, "" when all is well. */
export async function plainTsc(appDir: string): Promise<string> {
  const manifest = createRequire(import.meta.url).resolve("typescript-native/package.json");
  const tsc = join(dirname(manifest), "bin/tsc");
  return run(process.execPath, [tsc, "--noEmit", "-p", appDir, "--pretty", "false"]).then(
    ({ stdout }) => stdout,
    (error: { stdout: string }) => error.stdout,
  );
}

/** A start module that serves all services of the build that it became part of, and prints where. */
export function startModuleText(): string {
  const runtime = createRequire(join(installedTenon.dir, "package.json")).resolve("@tenon/runtime");
  return `import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { startHost } from ${JSON.stringify(runtime)};

const buildDir = process.env.BUILD_DIR ?? dirname(dirname(fileURLToPath(import.meta.url)));
const host = await startHost({
  buildDir,
  services: ["orders", "users"],
  internal: null,
  gateway: { host: "127.0.0.1", port: 0 },
  remotes: {},
  credential: "0123456789abcdef0123456789abcdef",
  databases: {},
  secrets: {},
  telemetry: { otlpEndpoint: null, sample: 1, flushIntervalMs: 100 },
  development: false,
});
const response = await fetch(host.gatewayAddress + "/orders", { method: "POST" });
console.log(response.status, await response.text());
await host.close({ timeoutMs: 1000 });
`;
}

/** Runs a module in a process of its own and returns what it prints. */
export async function runModule(file: string, environment: Readonly<Record<string, string>> = {}): Promise<string> {
  const env = { ...process.env, ...environment };
  const { stdout } = await run(process.execPath, ["--enable-source-maps", file], { env, timeout: 30_000 });
  return stdout.trim();
}
