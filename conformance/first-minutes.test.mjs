// The first five minutes of a new user: packed tarballs, an empty folder outside the repository, one service of 15 lines, and every command
// the README names.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { eventually } from "./harness/eventually.mjs";
import { root } from "./harness/tenon.mjs";

const run = promisify(execFile);
const service = `import { api, APIError } from "tenon/api";

interface Greeting {
  text: string;
  at: Date;
}

/** Says hello. */
export const hello = api(
  { method: "GET", path: "/hello/:name", expose: true },
  async ({ name }: { name: string }): Promise<Greeting> => {
    if (name === "nobody") throw APIError.notFound("nobody is there");
    return { text: \`Hello \${name}\`, at: new Date() };
  },
);
`;

/** Runs a long-lived command in the user's folder until `stop`. */
function serve(cwd, args) {
  const child = spawn("npx", ["--no-install", "tenon", ...args], {
    cwd,
    env: { ...process.env, CI: "true" },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text) => {
      output += text;
    });
  const exited = new Promise((resolve) => child.once("exit", resolve));
  return {
    /** The first match of a pattern in what it prints. */
    printed: (pattern) =>
      eventually(
        `${pattern} in the output of tenon ${args.join(" ")}`,
        () => {
          const match = pattern.exec(output);
          if (match === null && child.exitCode !== null) throw new Error(`it ended:\n${output}`);
          return match;
        },
        { deadlineMs: 60_000 },
      ).catch((error) => assert.fail(`${error.message}\n${output}`)),
    async stop() {
      process.kill(-child.pid, "SIGINT");
      await exited;
    },
  };
}

describe("from tarballs in an empty folder", () => {
  let dir;
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), "tenon-first-"));
    const packed = join(dir, "packed");
    const app = join(dir, "app");
    await mkdir(packed);
    await mkdir(join(app, "hello"), { recursive: true });
    const packages = await readdir(join(root, "packages"));
    await run(
      "npm",
      [
        "pack",
        "--ignore-scripts",
        "--pack-destination",
        packed,
        ...packages.flatMap((name) => ["--workspace", `packages/${name}`]),
      ],
      { cwd: root },
    );
    const tarballs = (await readdir(packed)).map((name) => join(packed, name));
    await writeFile(join(app, "package.json"), '{ "name": "app", "private": true, "type": "module" }\n');
    await run("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", ...tarballs], {
      cwd: app,
    });
    await writeFile(join(app, "hello", "hello.ts"), service);
  });
  after(() => rm(dir, { recursive: true, force: true }));

  const app = () => join(dir, "app");

  test("tenon dev serves it, with its dashboard and its trace", async () => {
    const dev = serve(app(), ["dev", "--port", "0", "--dashboard-port", "0"]);
    try {
      const [, gateway] = await dev.printed(/API\s+(http:\/\/\S+)/);
      const [, dashboard] = await dev.printed(/Dashboard\s+(http:\/\/\S+)/);
      const answer = await (await fetch(`${gateway}/hello/world`)).json();
      assert.equal(answer.text, "Hello world");
      assert.match(answer.at, /^\d{4}-.*Z$/);
      assert.deepEqual(await (await fetch(`${gateway}/hello/nobody`)).json(), {
        code: "not_found",
        message: "nobody is there",
        details: null,
      });
      assert.match(await (await fetch(dashboard)).text(), /<div id="/);
      const { stdout } = await eventually("the trace", async () => {
        const shown = await run("npx", ["--no-install", "tenon", "trace", "show"], { cwd: app() });
        return shown.stdout.includes("hello.hello") && shown;
      });
      assert.match(stdout, /GET \/hello/);
    } finally {
      await dev.stop();
    }
  });

  test("tenon check finds no problem, and one where there is one", async () => {
    const { stdout } = await run("npx", ["--no-install", "tenon", "check"], { cwd: app() });
    assert.match(stdout, /1 service, 1 endpoint: no problems/);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a program
    await writeFile(join(app(), "hello", "hello.ts"), service.replace("text: `Hello ${name}`", "text: 5"));
    const failed = await run("npx", ["--no-install", "tenon", "check"], { cwd: app() }).catch((error) => error);
    const unbuilt = await run("npx", ["--no-install", "tenon", "build"], { cwd: app() }).catch((error) => error);
    assert.deepEqual([failed.code, unbuilt.code], [1, 1]);
    assert.match(failed.stderr, /TS2322[\s\S]*hello\/hello\.ts:13:14/);
    await writeFile(join(app(), "hello", "hello.ts"), service);
  });

  test("tenon build makes what tenon start, and plain node, run", async () => {
    await run("npx", ["--no-install", "tenon", "build"], { cwd: app() });
    // All tarballs were installed, those of the engines too.
    const engines = await readdir(join(app(), ".tenon/build/runtime/engines"));
    assert.deepEqual(engines.sort(), [
      "tenon-aws-sns-sqs.js",
      "tenon-gcp-pubsub.js",
      "tenon-nats.js",
      "tenon-nsq.js",
      "tenon-redis-streams.js",
    ]);
    const started = serve(app(), ["start", "--port", "0"]);
    try {
      const [, port] = await started.printed(/started[^\n]*:(\d+)/);
      const answer = await (await fetch(`http://127.0.0.1:${port}/hello/production`)).json();
      assert.equal(answer.text, "Hello production");
    } finally {
      await started.stop();
    }
  });
});
