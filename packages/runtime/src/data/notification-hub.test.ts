// LISTEN on a real server: what is notified arrives, gaps are told, and the connection comes and goes with its readers.
import assert from "node:assert/strict";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { after, before, describe, it } from "node:test";
import pg from "pg";
import { closeDatabases, configureDatabases } from "./configure-databases.ts";
import { type ListenEvent, NotificationHub } from "./notification-hub.ts";
import { ParameterTypes } from "./parameter-types.ts";
import { PreparedNames } from "./prepared-names.ts";
import { newDatabase, startTestServer, type TestServer } from "./server.test.support.ts";
import { ServerWatch } from "./server-watch.ts";
import { SQLDatabase } from "./sql-database.ts";
import { UserArrays } from "./user-arrays.ts";

let server: TestServer;
let connectionString: string;
const db = new SQLDatabase("main");

before(async () => {
  server = await startTestServer();
  connectionString = await newDatabase(server);
  configureDatabases({ main: { connectionString, maxConnections: 2 } });
});

after(async () => {
  await closeDatabases();
  await server.stop();
});

const notify = (channel: string, payload: string) => db.exec`SELECT pg_notify(${channel}, ${payload})`;
const listening: ListenEvent = { type: "listening" };
const notification = (payload: string): ListenEvent => ({ type: "notification", payload });

async function next(events: AsyncGenerator<ListenEvent>): Promise<ListenEvent | undefined> {
  const { value, done } = await events.next();
  return done ? undefined : value;
}

/** Connections to the database that are in LISTEN. */
async function listeners(): Promise<number[]> {
  const admin = new pg.Client(server.adminUrl);
  await admin.connect();
  const { rows } = await admin.query<{ pid: number }>(
    "SELECT pid FROM pg_stat_activity WHERE query LIKE 'LISTEN%' OR query LIKE 'UNLISTEN%'",
  );
  await admin.end();
  return rows.map(({ pid }) => pid);
}

describe("listen", () => {
  it("gives each reader what its channel is told, from the first event on", async () => {
    const [one, two, other] = [db.listen("Orders"), db.listen("Orders"), db.listen('odd "name"')];
    for (const events of [one, two, other]) assert.deepEqual(await next(events), listening);
    await notify("Orders", "first");
    await notify('odd "name"', "");
    await notify("Orders", "second");
    for (const events of [one, two]) {
      assert.deepEqual(await next(events), notification("first"));
      assert.deepEqual(await next(events), notification("second"));
    }
    assert.deepEqual(await next(other), notification(""));
    assert.equal((await listeners()).length, 1, "one connection for all");
    for (const events of [one, two, other]) await events.return(undefined);
    while ((await listeners()).length > 0);
  });

  it("says when there was a gap, and hears again after it", async () => {
    const events = db.listen("orders");
    assert.deepEqual(await next(events), listening);
    const [pid] = await listeners();
    const admin = new pg.Client(server.adminUrl);
    await admin.connect();
    await admin.query("SELECT pg_terminate_backend($1)", [pid]);
    await admin.end();
    assert.deepEqual(await next(events), listening);
    await notify("orders", "after the gap");
    assert.deepEqual(await next(events), notification("after the gap"));
    await events.return(undefined);
  });

  it("keeps what comes while the reader is busy, in order", async () => {
    const events = db.listen("orders");
    await next(events);
    await db.exec`SELECT pg_notify('orders', n::text) FROM generate_series(1, 500) AS n`;
    for (let n = 1; n <= 500; n++) assert.deepEqual(await next(events), notification(String(n)));
    await events.return(undefined);
  });

  it("ends with its signal, and when the process stops", async () => {
    const controller = new AbortController();
    const stopped = db.listen("orders", { signal: controller.signal });
    await next(stopped);
    const waiting = next(stopped);
    controller.abort();
    assert.equal(await waiting, undefined);
    const last = db.listen("orders");
    await next(last);
    const end = next(last);
    await closeDatabases();
    assert.equal(await end, undefined);
    configureDatabases({ main: { connectionString } });
  });
});

it("a connection that falls silent while the server is well is replaced", { timeout: 60_000 }, async () => {
  const target = new URL(connectionString);
  const pairs: [Socket, Socket][] = [];
  const proxy = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    for (const socket of [client, upstream]) socket.on("error", () => {});
    client.pipe(upstream).pipe(client);
    client.on("close", () => upstream.destroy());
    pairs.push([client, upstream]);
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const through = new URL(target);
  through.search = "";
  through.hostname = "127.0.0.1";
  through.port = String((proxy.address() as AddressInfo).port);
  const settings = {
    database: "main",
    connectionString: through.href,
    names: new PreparedNames(),
    parameterTypes: new ParameterTypes(),
    userArrays: new UserArrays(),
    watch: new ServerWatch("main", () => new pg.Client(connectionString)),
  };
  const hub = new NotificationHub(settings, 500);
  const events = hub.listen("orders", []);
  assert.deepEqual(await next(events), listening);
  for (const [client, upstream] of pairs.splice(0)) {
    client.unpipe(upstream);
    upstream.unpipe(client);
  }
  assert.deepEqual(await next(events), listening);
  hub.close();
  settings.watch.close();
  for (const pair of pairs) for (const socket of pair) socket.destroy();
  proxy.close();
});
