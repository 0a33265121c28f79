// A service process of the benchmark: starts a host as told, and tells how much CPU time it has used.
import { startHost } from "@tenon/runtime";

let host;

const answers = {
  async start({ config }) {
    host = await startHost(config);
    return { gateway: host.gatewayAddress, internal: host.internalAddress };
  },
  async cpu() {
    const { user, system } = process.cpuUsage();
    return { micros: user + system };
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
