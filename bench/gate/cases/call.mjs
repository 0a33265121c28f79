// A typed call between two services of one process: validated, copied, traced.
import { hostApp } from "../../harness/hosted-app.mjs";

let url;

export async function prepare(packagesDir) {
  url = new URL("/drive", await hostApp(packagesDir, "call/app", ["driver", "items"]));
}

export async function run(iterations) {
  const body = JSON.stringify({ calls: iterations, concurrency: 1 });
  const response = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
  const answer = await response.json();
  if (answer.made !== iterations) throw new Error(`made ${JSON.stringify(answer)} of ${iterations} calls`);
}
