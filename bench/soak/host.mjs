// The process under soak: hosts the app and tells what it holds on to, after a garbage collection.
import { startHost } from "@tenon/runtime";

let host;

const answers = {
  async start({ config }) {
    host = await startHost(config);
    return { gateway: host.gatewayAddress };
  },
  async usage() {
    globalThis.gc();
    const { rss, heapUsed, external, arrayBuffers } = process.memoryUsage();
    const { user, system } = process.cpuUsage();
    const resources = {};
    for (const name of process.getActiveResourcesInfo()) resources[name] = (resources[name] ?? 0) + 1;
    return { rss, heapUsed, external, arrayBuffers, cpuMicros: user + system, resources };
  },
};

process.on("message", async (message) => {
  try {
    process.send(await answers[message.type](message));
  } catch (error) {
    process.send({ error: String(error?.stack ?? error) });
  }
});
process.on("disconnect", async () => {
  await host?.close({ timeoutMs: 2_000 });
  process.exit(0);
});
