// Asks one process of the app how it is, through its internal door.
import { request } from "node:http";
import type { CheckResult } from "@tenon/runtime";

/** Longer than the checks of a service take by themselves. */
const TIMEOUT_MS = 5_000;

/** `address` is "unix:/path.sock"; a process that does not answer is a failed check by its own name. */
export async function checkProcess(name: string, address: string): Promise<CheckResult[]> {
  const startedAt = performance.now();
  try {
    const body = await get(address.replace(/^unix:/, ""), "/__tenon/readyz");
    return (JSON.parse(body) as { checks: CheckResult[] }).checks;
  } catch (error) {
    const durationMs = Math.round(performance.now() - startedAt);
    return [{ name: `process ${name}`, status: "failed", durationMs, error: (error as Error).message }];
  }
}

function get(socketPath: string, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, path, timeout: TIMEOUT_MS }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (text: string) => {
        body += text;
      });
      response.on("end", () => resolve(body));
      response.on("error", reject);
    });
    asked.on("timeout", () => asked.destroy(new Error(`no answer within ${TIMEOUT_MS} ms`)));
    asked.on("error", reject);
    asked.end();
  });
}
