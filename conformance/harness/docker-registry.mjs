// Debian's docker-registry on a free port, with a folder of its own, until it is told to stop.
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually } from "./eventually.mjs";
import { freePort } from "./free-port.mjs";

/** @returns {Promise<{ name: string, stop(): Promise<void> }>} */
export async function startDockerRegistry() {
  const dir = await mkdtemp(join(tmpdir(), "tenon-registry-"));
  const port = await freePort();
  const config = join(dir, "config.yml");
  await writeFile(
    config,
    `version: 0.1
log: { level: error, accesslog: { disabled: true } }
storage: { filesystem: { rootdirectory: ${join(dir, "data")} } }
http: { addr: "127.0.0.1:${port}" }
`,
  );
  const child = spawn("docker-registry", ["serve", config], { stdio: "ignore" });
  const ended = new Promise((resolve) => {
    child.once("exit", resolve);
    child.once("error", resolve);
  });
  await eventually("the registry to answer", async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/v2/`).catch(() => undefined);
    return answer?.ok;
  });
  return {
    name: `localhost:${port}`,
    async stop() {
      child.kill("SIGTERM");
      await ended;
      await rm(dir, { recursive: true, force: true });
    },
  };
}
