// The same app in every way of running it: `tenon dev` in one process and in one per service, and a build that `tenon start` runs in one
// process and in two.
import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { copyApp } from "./app-copy.mjs";
import { startDev } from "./dev.mjs";
import { eventually } from "./eventually.mjs";
import { freePort } from "./free-port.mjs";
import { requestTo } from "./request-to.mjs";
import { runTenon, tenonCommand } from "./tenon.mjs";

/**
 * @param {string} source folder of the app, from the root of the checkout
 * @param {{ apart: string[] }} options services that a second process runs when there are two
 * @returns ways of running it: `start()` gives `{ gateway, request(method, path, body, headers), dev, stop() }`
 */
export function everywhere(source, { apart }) {
  return [
    { name: "tenon dev, one process", start: () => startInDev(source, "single") },
    { name: "tenon dev, a process each", start: () => startInDev(source, "per-service") },
    { name: "tenon start, one process", start: () => startBuild(source, []) },
    { name: "tenon start, two processes", start: () => startBuild(source, apart) },
  ];
}

async function startInDev(source, topology) {
  const copy = await copyApp(source);
  try {
    const dev = await startDev(copy.dir, { topology });
    return {
      gateway: dev.gateway,
      dev,
      request: (...args) => dev.request(...args),
      async stop() {
        await dev.stop();
        await dev.cleanUp();
        await copy.remove();
      },
    };
  } catch (error) {
    await copy.remove();
    throw error;
  }
}

async function startBuild(source, apart) {
  const copy = await copyApp(source);
  const children = [];
  const stop = async () => {
    for (const child of children) child.process.kill("SIGTERM");
    await Promise.all(children.map(({ exited }) => exited));
    await copy.remove();
  };
  try {
    const built = await runTenon(["build", copy.dir]);
    if (built.code !== 0) throw new Error(`tenon build failed:\n${built.stdout}${built.stderr}`);
    const here = await startParts(copy.dir, apart, children);
    const gateway = here.started.gateway;
    return { gateway, dev: undefined, stop, request: (...args) => requestTo(gateway, ...args) };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The process with the gateway, and one for the services that are apart. */
async function startParts(appDir, apart, children) {
  const build = join(appDir, ".tenon/build");
  if (apart.length === 0) return await startProcess([build, "--port", "0"], {}, children);
  const { services } = JSON.parse((await runTenon(["graph", appDir])).stdout);
  const near = services.map(({ name }) => name).filter((name) => !apart.includes(name));
  const [nearPort, farPort] = [await freePort(), await freePort()];
  const place = (names, port) => names.map((name) => [name, { base_url: `http://127.0.0.1:${port}` }]);
  const infra = join(appDir, "infra.json");
  const content = {
    auth: [{ type: "key", id: 1, key: "a key of at least sixteen characters" }],
    service_discovery: Object.fromEntries([...place(near, nearPort), ...place(apart, farPort)]),
  };
  await writeFile(infra, JSON.stringify(content));
  const start = (names, port) =>
    startProcess(
      [build, "--services", names.join(","), "--port", "0", "--infra", infra],
      { TENON_INTERNAL_PORT: String(port) },
      children,
    );
  await start(apart, farPort);
  return await start(near, nearPort);
}

async function startProcess(args, env, children) {
  const child = spawn(process.execPath, [tenonCommand, "start", ...args], {
    env: { ...process.env, NO_COLOR: "1", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      output += text;
    });
  }
  const exited = new Promise((resolve) => child.once("exit", resolve));
  children.push({ process: child, exited });
  const started = await eventually("the process to serve", () => {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`);
    const lines = output.split("\n").filter((line) => line.startsWith("{") && line.endsWith("}"));
    return lines.map((line) => JSON.parse(line)).find(({ message }) => message === "started");
  }).catch((error) => {
    throw new Error(`${error.message}; it printed:\n${output}`);
  });
  return { started };
}
