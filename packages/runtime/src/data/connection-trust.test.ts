// Connections that were dropped while they were at rest, where only writing to them shows it: nobody who asks is told of them.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { ConnectionPool } from "./connection-pool.ts";
import { ConnectionTrust } from "./connection-trust.ts";
import { type ForgetfulProxy, startForgetfulProxy } from "./forgetful-proxy.test.support.ts";
import { newDatabase, startTestServer, type TestServer } from "./server.test.support.ts";
import { rawStatement } from "./statement.ts";

let server: TestServer;
let proxy: ForgetfulProxy;
let pool: ConnectionPool;

before(async () => {
  server = await startTestServer();
});
after(() => server.stop());

beforeEach(async () => {
  proxy = await startForgetfulProxy(await newDatabase(server));
});
afterEach(async () => {
  // First, or the pool would take leave of servers that it cannot reach.
  await proxy.stop();
  await pool.close(1_000);
});

const run = (text: string) => pool.run(rawStatement(text, [], "main"));

/** Connections of both lanes, with nothing under way. */
async function warmUp(trustIdleMs: number): Promise<void> {
  pool = new ConnectionPool("main", { connectionString: proxy.connectionString, maxConnections: 4 }, { trustIdleMs });
  await run("CREATE TABLE notes (id int)");
  // A read takes a connection of the other lane until there are those for reads.
  for (let time = 0; time < 20; time++) await run("SELECT 1");
  const held = await Promise.all([pool.acquire(), pool.acquire()]);
  for (const client of held) pool.release(client);
}

describe("connections that were at rest for long", () => {
  for (const answer of ["reset", "silence"] as const) {
    it(`are asked first, and replaced where the answer is ${answer}`, async () => {
      await warmUp(0);
      proxy.forget(answer);
      assert.equal((await run("INSERT INTO notes VALUES (1)")).rowCount, 1);
      proxy.forget(answer);
      // One after the other: two at once would open two connections, and one of them might be half open when all are forgotten again.
      for (let time = 0; time < 2; time++) assert.deepEqual((await run("SELECT id FROM notes")).rows, [{ id: 1 }]);
      proxy.forget(answer);
      const client = await pool.acquire();
      await client.begin("BEGIN", undefined);
      await client.control("COMMIT");
      pool.release(client);
    });
  }

  it("are not asked when they were used just now", async () => {
    await warmUp(Number.POSITIVE_INFINITY);
    const before = proxy.heard.length;
    await run("INSERT INTO notes VALUES (1)");
    await run("SELECT id FROM notes");
    assert.doesNotMatch(proxy.heard.slice(before), /SELECT 1/);
  });
});

describe("trust", () => {
  it("is not given to who is being asked, and the question is one for all", async () => {
    const asked: string[] = [];
    let answer = (): void => {};
    const connection = {
      pending: 0,
      control(text: string): Promise<void> {
        asked.push(text);
        return new Promise((resolve) => {
          answer = resolve;
        });
      },
      destroy: () => assert.fail("it has answered"),
    };
    const trust = new ConnectionTrust(connection);
    assert.equal(trust.isDoubtful(Number.POSITIVE_INFINITY), false);
    const proofs = [trust.prove(), trust.prove()];
    connection.pending = 1;
    assert.equal(trust.isDoubtful(Number.POSITIVE_INFINITY), true);
    answer();
    assert.deepEqual(await Promise.all(proofs), [true, true]);
    assert.deepEqual(asked, ["SELECT 1"]);
    assert.equal(trust.isDoubtful(0), false, "while something is under way, its answer will tell");
  });
});
