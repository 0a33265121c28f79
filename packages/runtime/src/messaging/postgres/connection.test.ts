// A connection of the engine that was dropped while it was at rest: what is asked of it next goes over another one, in the order it was asked.
import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { startForgetfulProxy } from "../../data/forgetful-proxy.test.support.ts";
import { newDatabase, startTestServer, type TestServer } from "../../data/server.test.support.ts";
import { Connection } from "./connection.ts";

let server: TestServer;

before(async () => {
  server = await startTestServer();
});
after(() => server.stop());

for (const answer of ["reset", "silence"] as const) {
  it(`is made again where the answer to a question is ${answer}`, async () => {
    const proxy = await startForgetfulProxy(await newDatabase(server));
    const { connectionString } = proxy;
    const connection = new Connection({ connectionString, isDurable: () => true, trustIdleMs: 0 });
    try {
      await connection.run({ text: "CREATE TABLE notes (place serial, id int)" });
      proxy.forget(answer);
      const insert = (id: number) => connection.run({ text: "INSERT INTO notes (id) VALUES ($1)", values: [id] });
      await Promise.all([1, 2, 3].map(insert));
      assert.deepEqual(await connection.run({ text: "SELECT id FROM notes ORDER BY place" }), [
        { id: "1" },
        { id: "2" },
        { id: "3" },
      ]);
    } finally {
      await proxy.stop();
      await connection.close();
    }
  });
}

it("is the one that comes next, also when the one before is given up only then", async () => {
  const connection = new Connection({ connectionString: await newDatabase(server), isDurable: () => true });
  try {
    const pidOf = () => connection.run({ text: "SELECT pg_backend_pid() AS pid" });
    const first = pidOf();
    connection.destroy();
    assert.deepEqual(await pidOf(), await first, "a second one would have been left open");
  } finally {
    await connection.close();
  }
});
