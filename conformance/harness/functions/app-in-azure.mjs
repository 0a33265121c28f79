// An app as Azure Functions, behind the real `@azure/functions` and a stand-in for the host.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { startFunctions } from "./app-in-functions.mjs";
import { startServer } from "./server-of-platform.mjs";

const worker = join(dirname(fileURLToPath(import.meta.url)), "azure-worker.mjs");

const entry = `import { app } from "@azure/functions";
import { createFunction } from "./runtime/main.js";

const { http } = await createFunction("azure");
app.setup({ enableHttpStream: true });
app.http("http", {
  methods: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"],
  authLevel: "anonymous",
  route: "{*path}",
  handler: http,
});
`;

export function startInAzure(appDir, options) {
  const start = ({ dir, env }) => startServer({ name: "Azure Functions", args: [worker, dir], env });
  return startFunctions(appDir, entry, { file: "azure.mjs", start }, options);
}
