// `npm start`, the first command of the README: serves the shop, and ends with everything it started when npm alone is told to end, as
// process managers and scripts do.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, test } from "node:test";
import { startDev } from "./harness/dev.mjs";
import { canListProcesses } from "./harness/processes.mjs";
import { root } from "./harness/tenon.mjs";

// Data of its own, so that a shop that somebody runs in this checkout is left alone.
const namespace = "conformance-start";
let app;

after(async () => {
  await app?.cleanUp();
});

test("npm start serves the shop and ends when npm is told to", { skip: process.platform === "win32" }, async (t) => {
  app = await startDev(join(root, "examples/shop/.tenon/data", namespace), {
    command: ["npm", "--prefix", root, "--silent", "start", "--"],
    args: ["--namespace", namespace],
  });
  const user = await app.request("GET", "/users/ada");
  assert.equal(user.status, 200, user.text);
  assert.equal(user.body.name, "Ada Lovelace");

  await app.stop("SIGTERM");
  if (canListProcesses) await app.waitUntilGone();
  else t.diagnostic("processes cannot be listed on this system: looked at the end of npm only");
});
