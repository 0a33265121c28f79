// `tenon dev`: runs the app with everything it needs until it is told to stop.
import { parseTopology } from "../dev/placement.ts";
import { createJsonReporter, createTerminalReporter } from "../dev/reporter.ts";
import { createSupervisor } from "../dev/supervisor.ts";
import { appFolder } from "./app-folder.ts";
import { booleanOption, type Command, portOption, stringOption, UsageError } from "./definition.ts";
import { renderDiagnostics } from "./diagnostics-text.ts";

export const devCommand: Command = {
  name: "dev",
  summary: "Runs the app with everything it needs, and again on every change",
  positionals: ["dir"],
  options: {
    port: { type: "string", value: "PORT", summary: "where the app's API listens (4000; 0: any free port)" },
    "dashboard-port": {
      type: "string",
      value: "PORT",
      summary: "where the dashboard listens (9400; 0: any free port)",
    },
    topology: { type: "string", value: "T", summary: "single (all services in one process, default) or per-service" },
    "no-watch": { type: "boolean", summary: "do not reload on changes" },
    namespace: { type: "string", value: "N", summary: "use another set of local data (default)" },
    json: { type: "boolean", summary: "print events as JSON, one object a line" },
  },
  async run(input) {
    const startedAt = performance.now();
    const namespace = stringOption(input, "namespace") ?? "default";
    if (!/^[a-z0-9][a-z0-9-]{0,40}$/.test(namespace)) {
      throw new UsageError(`--namespace must be lower-case letters, digits and dashes, got "${namespace}"`);
    }
    const port = portOption(input, "port", 4000);
    const dashboardPort = portOption(input, "dashboard-port", 9400);
    const topology = parseTopology(stringOption(input, "topology") ?? "single");
    const appDir = appFolder(input.positionals[0]);
    const stopped = stopSignal();
    const watch = !booleanOption(input, "no-watch");
    const json = booleanOption(input, "json");
    const supervisor = await createSupervisor({
      appDir,
      port,
      dashboardPort,
      topology,
      watch,
      namespace,
      reporter: json ? createJsonReporter() : createTerminalReporter((list) => renderDiagnostics(list, appDir)),
      logFormat: json ? "json" : "pretty",
      startedAt,
    });
    try {
      const hopeless = supervisor.start().then((serves) => (serves || watch ? stopped.then(() => false) : true));
      const failed = await Promise.race([stopped.then(() => false), hopeless]);
      return failed ? 1 : 0;
    } finally {
      await supervisor.close();
    }
  },
};

/**
 * Resolves at the first SIGINT, SIGTERM or SIGHUP, and when nobody reads the output any more (`tenon dev | head -1`); a second signal ends
 * the process at once.
 */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    let count = 0;
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.on(signal, () => {
        if (++count > 1) process.exit(130);
        resolve();
      });
    }
    for (const stream of [process.stdout, process.stderr]) stream.on("error", () => resolve());
  });
}
