// What takes more than bytes in and bytes out: clients that vanish, wait, or do not read, protocols that change, doors that close. Each on
// both lanes.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { eventually } from "../harness/eventually.mjs";
import { get, post, request } from "./cases/write.mjs";
import { lanes, openDoor } from "./lane-door.mjs";
import { WireClient } from "./wire.mjs";

const MIB = 1024 * 1024;
/** What sockets of both sides and streams may hold between them; far below what an endless answer gives when nobody stops it. */
const MAX_BUFFERED_BYTES = 16 * MIB;
const upgrade = (path) => get(path, "connection: Upgrade", "upgrade: echo");

for (const lane of lanes) {
  describe(`${lane} lane`, () => {
    let door;
    const clients = [];
    before(async () => {
      door = await openDoor(lane);
    });
    after(async () => {
      for (const client of clients) client.destroy();
      await door?.close();
    });

    const open = async (port = door.port) => {
      const client = await WireClient.open(port);
      clients.push(client);
      return client;
    };
    const ask = async (client, bytes) => {
      await client.send(bytes);
      return client.readAnswer();
    };
    const assertServes = async () => assert.equal((await ask(await open(), get("/sync"))).body, "GET");

    test("a client that vanishes in the middle of a head leaves nothing behind", async () => {
      const client = await open();
      await client.send("GET /sync HTTP/1.1\r\nhost: exam");
      client.destroy();
      await assertServes();
    });

    test("a client that vanishes in the middle of its body ends the reading of it", async () => {
      const client = await open();
      await client.send(`${post("/gate?upload", "x".repeat(100)).slice(0, -50)}`);
      await hasStarted(door, "upload");
      client.destroy();
      await isGone(door, "upload");
      door.world.openGate();
      await assertServes();
    });

    test("a client that vanishes before its answer is told of once", async () => {
      const client = await open();
      await client.send(get("/gate?impatient"));
      await hasStarted(door, "impatient");
      client.destroy();
      await isGone(door, "impatient");
      door.world.openGate();
      await assertServes();
      assert.equal(door.world.gone.filter((name) => name === "impatient").length, 1);
    });

    test("a client that got its answer is not taken for one that vanished", async () => {
      const client = await open();
      await client.send(get("/gate?patient"));
      await hasStarted(door, "patient");
      door.world.openGate();
      assert.equal((await client.readAnswer()).body, "patient");
      client.destroy();
      await assertServes();
      assert.ok(!door.world.gone.includes("patient"));
    });

    test("an endless answer waits for its reader and ends with him", async () => {
      const client = await open();
      client.socket.pause();
      const before = door.world.streamedBytes;
      await client.send(get("/endless"));
      await eventually("the stream to begin", () => door.world.streamedBytes > before);
      const settled = await quiet(() => door.world.streamedBytes);
      assert.ok(
        settled - before < MAX_BUFFERED_BYTES,
        `${settled - before} bytes were made for a client that does not read`,
      );
      client.discard();
      client.socket.resume();
      await eventually("the stream to go on", () => door.world.streamedBytes > settled + MIB);
      client.destroy();
      await isGone(door, "endless");
      await quiet(() => door.world.streamedBytes);
    });

    test("a stream whose reader has gone is let go of", async () => {
      const client = await open();
      await client.send(get("/watched"));
      await client.readHead();
      client.destroy();
      await eventually("the stream to be destroyed", () => door.world.watched.destroyed);
    });

    test("a stream that answers HEAD is let go of", async () => {
      const client = await open();
      await client.send(request("HEAD", "/watched"));
      assert.equal((await client.readAnswer("HEAD")).status, 200);
      await eventually("the stream to be destroyed", () => door.world.watched.destroyed);
      assert.equal((await ask(client, get("/sync"))).body, "GET");
    });

    const makesAll = lane === "compat" && "node:http begins whatever has arrived";
    test("big answers are not made for a client that does not read those before", { skip: makesAll }, async () => {
      const client = await open();
      client.socket.pause();
      await client.send(get("/big-text?unread").repeat(200));
      await hasStarted(door, "unread");
      const made = await quiet(() => door.world.started.filter((name) => name === "unread").length);
      assert.ok(made * 2_000_000 < 2 * MAX_BUFFERED_BYTES, `${made} answers of 2 MB were made`);
      client.destroy();
    });

    test("a body that nobody reads is not taken in", async () => {
      const client = await open();
      const body = "x".repeat(64 * MIB);
      await client.send(post("/gate?full", body));
      await hasStarted(door, "full");
      const waiting = await quiet(() => client.socket.writableLength);
      assert.ok(waiting > 64 * MIB - MAX_BUFFERED_BYTES, `only ${waiting} bytes were left waiting`);
      client.destroy();
      door.world.openGate();
    });

    test("a body of 32 MB is counted to the byte", async () => {
      const answer = await ask(await open(), post("/count", "x".repeat(32 * MIB)));
      assert.equal(answer.body, String(32 * MIB));
    });

    test("a body of 32 MB comes back as it went", async () => {
      const body = "0123456789abcdef".repeat(2 * MIB);
      const client = await open();
      const answer = client.readAnswer();
      await client.send(post("/mirror", body));
      assert.ok((await answer).body === body);
    });

    test("an answer that does not wait for the body arrives all the same, and so does the next", async () => {
      const client = await open();
      const [head, body] = post("/ignore", "x".repeat(100)).split(/(?<=\r\n\r\n)/);
      assert.equal((await ask(client, head)).body, "ignored");
      await client.send([body.slice(0, 50), body.slice(50)]);
      assert.equal((await ask(client, get("/sync"))).body, "GET");
    });

    test("a refusal in front of 4 MB that nobody reads is not lost", async () => {
      const client = await open();
      await client.send(post("/refuse", "x".repeat(4 * MIB)));
      assert.equal((await client.readAnswer()).status, 413);
    });

    test("expect: the body is asked for when somebody reads it", async () => {
      const client = await open();
      await client.send(request("POST", "/echo", ["expect: 100-continue", "content-length: 3"]));
      assert.equal((await client.readHead()).status, 100);
      assert.equal(JSON.parse((await ask(client, "abc")).body).body, "abc");
      assert.equal((await ask(client, get("/sync"))).body, "GET");
    });

    test("expect: whoever is refused is not asked, and the connection ends", async () => {
      const client = await open();
      await client.send(request("POST", "/refuse", ["expect: 100-continue", "content-length: 3"]));
      const answer = await client.readAnswer();
      assert.deepEqual([answer.status, answer.informational], [413, []]);
      assert.equal(await client.untilClosed(), "");
    });

    test("expect: behind a slow request, the word to go on is not sent before that one's answer", async () => {
      const client = await open();
      await client.send(get("/slow") + request("POST", "/echo", ["expect: 100-continue", "content-length: 3"]));
      const first = await client.readAnswer();
      assert.deepEqual([first.status, first.informational, JSON.parse(first.body).path], [200, [], "/slow"]);
      assert.equal((await client.readHead()).status, 100);
      assert.equal(JSON.parse((await ask(client, "abc")).body).body, "abc");
    });

    const refusesEarly = lane === "compat" && "node:http refuses what comes behind before it has answered";
    test("nothing behind a last request is served, however long that one takes", { skip: refusesEarly }, async () => {
      const client = await open();
      await client.send(post("/slow", "abc", "connection: close") + get("/gate?smuggled"));
      assert.equal(JSON.parse((await client.readAnswer()).body).body, "abc");
      assert.equal(await client.untilClosed(), "");
      assert.ok(!door.world.started.includes("smuggled"));
    });

    test("an upgrade gets the socket, and what was sent behind it", async () => {
      const client = await open();
      await client.send(`${upgrade("/tunnel")}early `);
      const head = await client.readHead();
      assert.equal(head.status, 101);
      await client.send("and late");
      assert.equal(await client.readBytes(14), "early and late");
      client.endWriting();
      assert.equal(await client.untilClosed(), "");
    });

    test("an upgrade behind other requests waits for their answers", async () => {
      const client = await open();
      await client.send(`${get("/slow")}${post("/echo", "abc")}`);
      assert.equal(JSON.parse((await client.readAnswer()).body).path, "/slow");
      assert.equal(JSON.parse((await client.readAnswer()).body).body, "abc");
      await client.send(`${upgrade("/tunnel")}x`);
      assert.equal((await client.readHead()).status, 101);
      assert.equal(await client.readBytes(1), "x");
    });

    test("an upgrade that nobody takes is answered like any other request, and the connection ends", async () => {
      const client = await open();
      const answer = await ask(client, upgrade("/sync"));
      assert.deepEqual([answer.status, answer.body], [200, "GET"]);
      assert.equal(await client.untilClosed(), "");
    });

    test("CONNECT makes no tunnel", async () => {
      const client = await open();
      await client.send("CONNECT example.com:443 HTTP/1.1\r\nhost: example.com:443\r\n\r\nhello");
      const answer = await client.readAnswer().catch(() => undefined);
      assert.ok(answer === undefined || answer.status >= 400, JSON.stringify(answer));
      assert.doesNotMatch(client.unread, /hello/);
    });

    test("requests that come by the thousand are answered in their order", async () => {
      const client = await open();
      await client.send(Array.from({ length: 3000 }, (_, n) => post(`/echo?${n}`, String(n))).join(""));
      for (let n = 0; n < 3000; n++) {
        const seen = JSON.parse((await client.readAnswer()).body);
        assert.deepEqual([seen.query, seen.body], [String(n), String(n)]);
      }
    });

    test("what one connection sends is never seen on another", async () => {
      const names = Array.from({ length: 20 }, (_, n) => `c${n}`);
      const all = await Promise.all(names.map(() => open()));
      for (let round = 0; round < 5; round++) {
        const sent = names.map((name) =>
          post(`/late?${name}.${round}`, `${name}/${round}`.repeat(20), `cookie: ${name}=${round}`),
        );
        // All first halves before any second half: every parser has to remember its own.
        for (const [index, client] of all.entries()) await client.send(sent[index].slice(0, 60 + index));
        for (const [index, client] of all.entries()) await client.send(sent[index].slice(60 + index));
        for (const [index, client] of all.entries()) {
          const seen = JSON.parse((await client.readAnswer()).body);
          const name = names[index];
          assert.equal(seen.query, `${name}.${round}`);
          assert.equal(seen.body, `${name}/${round}`.repeat(20));
          assert.equal(seen.headers.cookie, `${name}=${round}`);
        }
      }
    });
  });

  describe(`${lane} lane, closing`, () => {
    test("a request under way is answered, its connection ended, and nobody new is let in", async () => {
      const door = await openDoor(lane);
      const [busy, idle] = [await WireClient.open(door.port), await WireClient.open(door.port)];
      await idle.send(get("/sync"));
      assert.equal((await idle.readAnswer()).body, "GET");
      await busy.send(get("/gate?last"));
      await hasStarted(door, "last");
      const closed = door.close(10_000);
      assert.equal(await refusesConnections(door.port), true);
      door.world.openGate();
      const answer = await busy.readAnswer();
      assert.equal(answer.body, "last");
      assert.deepEqual(
        answer.headers.filter(([name]) => name === "connection"),
        [["connection", "close"]],
      );
      assert.equal(await busy.untilClosed(), "");
      assert.equal(await idle.untilClosed(), "");
      await closed;
    });

    test("a request that arrives on an open connection just as closing begins is answered", async () => {
      const door = await openDoor(lane);
      const client = await WireClient.open(door.port);
      await client.send(get("/sync"));
      await client.readAnswer();
      const closed = door.close(10_000);
      await client.send(get("/sync"));
      assert.equal((await client.readAnswer()).body, "GET");
      assert.equal(await client.untilClosed(), "");
      await closed;
    });

    test("a request that arrives while a closing process stands still is answered", async () => {
      const door = await openDoor(lane);
      const client = await WireClient.open(door.port);
      await client.send(get("/sync"));
      await client.readAnswer();
      const closed = door.close(10_000);
      const sent = client.send(get("/sync"));
      // Longer than the door waits for what is on its way.
      const until = performance.now() + 200;
      while (performance.now() < until);
      await sent;
      assert.equal((await client.readAnswer()).body, "GET");
      assert.equal(await client.untilClosed(), "");
      await closed;
    });

    test("all requests that are under way on one connection are answered", async () => {
      const door = await openDoor(lane);
      const client = await WireClient.open(door.port);
      await client.send(get("/slow?1") + post("/slow?2", "abc") + get("/slow?3"));
      await client.readHead();
      const closed = door.close(10_000);
      const rest = await client.untilClosed();
      assert.match(rest, /"query":"1"/);
      assert.match(rest, /"query":"2".*"query":"3"/s);
      await closed;
    });

    test("of requests that are answered while the door closes, only the last one ends their connection", async () => {
      const door = await openDoor(lane);
      const client = await WireClient.open(door.port);
      await client.send(get("/gate?1") + get("/gate?2") + get("/gate?3"));
      await hasStarted(door, "3");
      const closed = door.close(10_000);
      door.world.openGate();
      for (const name of ["1", "2", "3"]) {
        const { body, headers } = await client.readAnswer();
        assert.equal(body, name);
        const endings = headers.filter(([field]) => field === "connection").map(([, value]) => value);
        assert.equal(endings.includes("close"), name === "3");
      }
      assert.equal(await client.untilClosed(), "");
      await closed;
    });

    test("a request whose body is still arriving is answered", async () => {
      const door = await openDoor(lane);
      const client = await WireClient.open(door.port);
      const bytes = post("/echo?begun", "x".repeat(100));
      await client.send(bytes.slice(0, -50));
      await hasStarted(door, "begun");
      const closed = door.close(10_000);
      await new Promise((resolve) => setTimeout(resolve, 100));
      await client.send(bytes.slice(-50));
      assert.equal(JSON.parse((await client.readAnswer()).body).body, "x".repeat(100));
      assert.equal(await client.untilClosed(), "");
      await closed;
    });

    test("a raw endpoint under way is answered", async () => {
      const door = await openDoor(lane);
      const client = await WireClient.open(door.port);
      const bytes = post("/raw?raw", "x".repeat(100));
      await client.send(get("/sync") + bytes.slice(0, -50));
      assert.equal((await client.readAnswer()).body, "GET");
      await hasStarted(door, "raw");
      const closed = door.close(10_000);
      await new Promise((resolve) => setTimeout(resolve, 100));
      await client.send(bytes.slice(-50));
      assert.equal((await client.readAnswer()).body, "raw /raw?raw");
      assert.equal(await client.untilClosed(), "");
      await closed;
    });

    test("a stream under way comes to its end", async () => {
      const door = await openDoor(lane);
      const client = await WireClient.open(door.port);
      await client.send(get("/slow-stream"));
      await client.readHead();
      const closed = door.close(10_000);
      assert.match(await client.untilClosed(), /c\r\n0\r\n\r\n$/);
      await closed;
    });

    test("what does not end in time is cut off", async () => {
      const door = await openDoor(lane);
      const client = await WireClient.open(door.port);
      await client.send(get("/gate?never"));
      await hasStarted(door, "never");
      await door.close(60);
      assert.equal(await client.untilClosed(), "");
      assert.ok(door.world.gone.includes("never"));
    });

    test("clients that vanished with requests in the queue hold nobody up", async () => {
      const door = await openDoor(lane);
      const client = await WireClient.open(door.port);
      await client.send(get("/gate?first") + post("/echo", "abc") + get("/slow") + get("/sync"));
      await hasStarted(door, "first");
      client.destroy();
      await isGone(door, "first");
      door.world.openGate();
      await door.close(10_000);
    });

    test("an upgraded connection stays through the draining and ends with the door", async () => {
      const door = await openDoor(lane);
      const client = await WireClient.open(door.port);
      await client.send(upgrade("/tunnel"));
      assert.equal((await client.readHead()).status, 101);
      await door.drain(1000);
      await client.send("still here");
      assert.equal(await client.readBytes(10), "still here");
      await door.close(50);
      assert.equal(await client.untilClosed(), "");
    });

    test("churn: connections of all kinds of ends leave nothing open", async () => {
      const door = await openDoor(lane);
      for (let round = 0; round < 100; round++) {
        const client = await WireClient.open(door.port);
        const kind = round % 5;
        if (kind === 0) await client.send(get("/sync", "connection: close"));
        if (kind === 1) await client.send("BROKEN\r\n\r\n");
        if (kind === 2) await client.send("GET /sync HT");
        if (kind === 3) await client.send(get("/slow"));
        if (kind < 2) await client.untilClosed();
        client.destroy();
      }
      await door.close(10_000);
    });
  });
}

const hasStarted = (door, name) => eventually(`${name} to start`, () => door.world.started.includes(name));
const isGone = (door, name) => eventually(`${name} to be missed`, () => door.world.gone.includes(name));

/** The number once it has stopped changing. */
async function quiet(read) {
  let last = read();
  let isSettled = false;
  while (!isSettled) {
    await new Promise((resolve) => setTimeout(resolve, 300));
    const now = read();
    isSettled = now === last;
    last = now;
  }
  return last;
}

async function refusesConnections(port) {
  return eventually("the port to be closed", async () => {
    const client = await WireClient.open(port).catch((error) => error.code);
    if (client === "ECONNREFUSED") return true;
    client.destroy?.();
    return false;
  });
}
