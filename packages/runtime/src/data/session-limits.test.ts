// A session is changed only where it is ours: behind a pooler the next one to get it would inherit what it was told.
import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import pg from "pg";
import { newDatabase, startTestServer, type TestServer } from "./server.test.support.ts";
import { SessionLimits } from "./session-limits.ts";

let server: TestServer;

before(async () => {
  server = await startTestServer();
});

after(() => server.stop());

async function intervalAfter(pretend: (client: pg.Client) => void): Promise<{ interval: string; afterReset: string }> {
  const client = new pg.Client({ connectionString: await newDatabase(server) });
  await client.connect();
  try {
    pretend(client);
    const limits = new SessionLimits(client);
    await limits.begin();
    const { rows } = await client.query("SELECT current_setting('client_connection_check_interval') AS interval");
    return { interval: rows[0].interval, afterReset: limits.afterReset() };
  } finally {
    await client.end();
  }
}

it("asks the server to look after us, in a session of our own", async () => {
  const { interval, afterReset } = await intervalAfter(() => {});
  assert.equal(interval, "2s");
  assert.match(afterReset, /client_connection_check_interval/);
});

it("leaves the session of a pooler alone", async () => {
  const behindPooler = await intervalAfter((client) => Object.assign(client, { processID: 1 }));
  assert.deepEqual(behindPooler, { interval: "0", afterReset: "" });
});
