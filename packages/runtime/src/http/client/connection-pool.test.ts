// A callee that does everything wrong must never make a request wait for ever, nor give it an answer that belongs to another one.
import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, beforeEach, describe, it } from "node:test";
import { ConnectionPool } from "./connection-pool.ts";
import { answerText, type Callee, Probe, requestText, startCallee } from "./scripted-callee.test.support.ts";

describe("connections to another process", () => {
  let callee: Callee;
  let pool: ConnectionPool;

  before(async () => {
    callee = await startCallee();
  });
  after(async () => {
    pool.destroy();
    await callee.close();
  });
  beforeEach(() => {
    pool?.destroy();
    pool = new ConnectionPool({ host: "127.0.0.1", port: callee.port });
    callee.connections = 0;
    callee.onConnection = () => {};
    callee.onRequest = ({ socket, text }) => void socket.write(answerText(`answer to ${nameIn(text)}`));
  });

  function send(name: string): Probe {
    const probe = new Probe(name);
    probe.onSent(pool.send(probe, requestText(name)));
    return probe;
  }

  async function assertServes(name: string): Promise<void> {
    assert.equal(await send(name).outcome, `answer to ${name}`);
  }

  it("uses a connection again and again", async () => {
    for (let index = 0; index < 20; index++) await assertServes(`r${index}`);
    assert.equal(callee.connections, 1);
  });

  it("gives each of 1,000 requests at once its own answer", async () => {
    const probes = Array.from({ length: 1_000 }, (_, index) => send(`r${index}`));
    const outcomes = await Promise.all(probes.map(({ outcome }) => outcome));
    assert.deepEqual(
      outcomes,
      probes.map(({ name }) => `answer to ${name}`),
    );
  });

  it("reads an answer that comes byte by byte", async () => {
    callee.onRequest = ({ socket }) => {
      socket.setNoDelay(true);
      const bytes = [...answerText("slow", "x-a: 1\r\n")];
      const next = () => {
        const byte = bytes.shift();
        if (byte === undefined) return;
        socket.write(byte);
        setImmediate(next);
      };
      next();
    };
    assert.equal(await send("slow").outcome, "slow");
    assert.equal(await send("again").outcome, "slow");
    assert.equal(callee.connections, 1);
  });

  it("skips interim answers, but not for ever", async () => {
    callee.onRequest = ({ socket, text }) => {
      const count = nameIn(text) === "few" ? 3 : 1_000;
      socket.write("HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n".repeat(count) + answerText("done"));
    };
    assert.equal(await send("few").outcome, "done");
    await assert.rejects(send("many").outcome, /too many interim answers/);
  });

  const broken: readonly [what: string, bytes: string][] = [
    ["nothing at all", ""],
    ["half a head", "HTTP/1.1 200 OK\r\ncontent-le"],
    ["a head and no body", "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n"],
    ["half a body", "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhal"],
    ["half a chunk", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhal"],
    ["chunks without an end", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n"],
    ["an interim answer alone", "HTTP/1.1 100 Continue\r\n\r\n"],
  ];
  for (const [what, bytes] of broken) {
    it(`fails when the connection closes after ${what}, and goes on with another one`, async () => {
      callee.onRequest = ({ socket }) => void socket.end(bytes, "latin1");
      await assert.rejects(send("broken").outcome, Error);
      callee.onRequest = ({ socket, text }) => void socket.write(answerText(`answer to ${nameIn(text)}`));
      await assertServes("next");
    });
  }

  const wrong: readonly [what: string, bytes: string][] = [
    ["no HTTP", "hello\r\n\r\n"],
    ["another version", "HTTP/2.0 200 OK\r\n\r\n"],
    ["two lengths", "HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 2\r\n\r\nok"],
    ["a length and chunks", "HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n"],
    ["a length with a sign", "HTTP/1.1 200 OK\r\ncontent-length: +2\r\n\r\nok"],
    ["a coding that is not known", "HTTP/1.1 200 OK\r\ntransfer-encoding: gzip\r\n\r\nok"],
    ["a bare line feed", "HTTP/1.1 200 OK\ncontent-length: 2\r\n\r\nok"],
    ["a folded line", "HTTP/1.1 200 OK\r\nx-a: 1\r\n 2\r\ncontent-length: 2\r\n\r\nok"],
    ["a space before the colon", "HTTP/1.1 200 OK\r\ncontent-length : 2\r\n\r\nok"],
    ["a chunk of the wrong size", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\nok\r\n0\r\n\r\n"],
    ["another protocol", "HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n"],
    ["a head without end", `HTTP/1.1 200 OK\r\nx-a: ${"a".repeat(100_000)}`],
  ];
  for (const [what, bytes] of wrong) {
    it(`cuts a connection on which comes ${what}`, async () => {
      const closed = new Promise((resolve) => {
        callee.onConnection = (socket) => void socket.once("close", resolve);
      });
      callee.onRequest = ({ socket }) => void socket.write(bytes, "latin1");
      await assert.rejects(send("wrong").outcome, Error);
      await closed;
    });
  }

  it("never takes bytes behind an answer for the answer to the next request", async () => {
    callee.onRequest = ({ socket, text, connection }) => {
      const behind = connection === 0 ? answerText("planted") : "";
      socket.write(answerText(`answer to ${nameIn(text)}`) + behind);
    };
    await assertServes("first");
    await assertServes("second");
    assert.equal(callee.connections, 2);
  });

  it("cuts an idle connection on which an answer comes that nobody has asked for", async () => {
    let served: Parameters<Callee["onRequest"]>[0] | undefined;
    callee.onRequest = (visit) => {
      served = visit;
      visit.socket.write(answerText("first"));
    };
    assert.equal(await send("first").outcome, "first");
    served!.socket.write(answerText("planted"));
    await once(served!.socket, "close");
    callee.onRequest = ({ socket, text }) => void socket.write(answerText(`answer to ${nameIn(text)}`));
    await assertServes("second");
  });

  it("opens another connection behind an answer that says it is the last, and when the other side has closed", async () => {
    callee.onRequest = ({ socket, text }) => {
      socket.write(answerText(`answer to ${nameIn(text)}`, "connection: close\r\n"));
    };
    await assertServes("first");
    await assertServes("second");
    assert.equal(callee.connections, 2);
    const ended = new Promise<void>((resolve) => {
      callee.onRequest = ({ socket, text }) => {
        socket.end(answerText(`answer to ${nameIn(text)}`));
        socket.once("close", () => resolve());
      };
    });
    await assertServes("third");
    await ended;
    callee.onRequest = ({ socket, text }) => void socket.write(answerText(`answer to ${nameIn(text)}`));
    await assertServes("fourth");
  });

  it("takes a body without a length to be all up to the end of the connection", async () => {
    callee.onRequest = ({ socket }) => void socket.end("HTTP/1.1 200 OK\r\n\r\nall of it");
    assert.equal(await send("rest").outcome, "all of it");
  });

  it("fails at once where nobody listens", async () => {
    const deaf = new ConnectionPool({ host: "127.0.0.1", port: 1 });
    const probe = new Probe("deaf");
    deaf.send(probe, requestText("deaf"));
    await assert.rejects(probe.outcome, { code: "ECONNREFUSED" });
    deaf.destroy();
  });

  it("cuts the connection of a request that is given up, and no other", async () => {
    let came = 0;
    let answerKept = () => {};
    const bothCame = new Promise<void>((resolve) => {
      callee.onRequest = ({ socket, text }) => {
        if (nameIn(text) === "kept") answerKept = () => void socket.write(answerText("kept"));
        else socket.once("close", () => answerKept());
        if (++came === 2) resolve();
      };
    });
    const [givenUp, kept] = [send("given-up"), send("kept")];
    await bothCame;
    await new Promise((resolve) => setTimeout(resolve, 10));
    givenUp.connection!.abandon(givenUp);
    assert.equal(await kept.outcome, "kept");
  });

  it("uses none that was idle for longer than the other side bears, as after a process was frozen", async (t) => {
    await assertServes("first");
    const frozenUntil = Date.now() + 60_000;
    t.mock.method(Date, "now", () => frozenUntil);
    await assertServes("second");
    await assertServes("third");
    assert.equal(callee.connections, 2);
  });

  it("closes idle connections when it is retired, others behind their answer", async () => {
    const closings: Promise<unknown>[] = [];
    callee.onConnection = (socket) => void closings.push(once(socket, "close"));
    callee.onRequest = ({ socket, text }) => {
      if (nameIn(text) === "late") setTimeout(() => socket.write(answerText("late")), 30);
      else socket.write(answerText("now"));
    };
    const [now, late] = [send("now"), send("late")];
    await now.outcome;
    pool.retire();
    assert.equal(await late.outcome, "late");
    await Promise.all(closings);
    assert.equal(closings.length, 2);
  });

  describe("that are shared by the requests of one tick", () => {
    function sendShared(name: string): Probe {
      const probe = new Probe(name);
      pool.sendShared(probe);
      return probe;
    }

    it("sends them in few writes and hands out the answers in order, however they are cut", async () => {
      for (const size of [1, 7, 40, 10_000]) {
        const answers = new Map<number, string>();
        callee.onRequest = ({ socket, text, connection, request }) => {
          answers.set(connection, (answers.get(connection) ?? "") + answerText(`answer to ${nameIn(text)}`));
          if (request % 8 !== 7) return;
          const all = answers.get(connection)!;
          answers.delete(connection);
          for (let at = 0; at < all.length; at += size) socket.write(all.slice(at, at + size));
        };
        const probes = Array.from({ length: 64 }, (_, index) => sendShared(`s${index}`));
        const outcomes = await Promise.all(probes.map(({ outcome }) => outcome));
        assert.deepEqual(
          outcomes,
          probes.map(({ name }) => `answer to ${name}`),
        );
        assert.ok(probes.every(({ wasShared }) => wasShared === true));
      }
      assert.equal(callee.connections, 8);
    });

    it("does not mark one that is alone", async () => {
      const probe = sendShared("alone");
      assert.equal(await probe.outcome, "answer to alone");
      assert.equal(probe.wasShared, false);
    });

    it("tells the other side which one is given up, and drops its answer alone", async () => {
      const seen: string[] = [];
      callee.onRequest = ({ socket, text }) => {
        seen.push(nameIn(text));
        if (nameIn(text) !== "cancel-b") return;
        const answers = ["answer to a", "too late", "answer to c", "canceled"];
        socket.write(answers.map((body) => answerText(body)).join(""));
      };
      const [a, b, c] = [sendShared("a"), sendShared("b"), sendShared("c")];
      await new Promise(setImmediate);
      b.connection!.abandonShared(b);
      assert.equal(await a.outcome, "answer to a");
      assert.equal(await c.outcome, "answer to c");
      assert.deepEqual(seen, ["a", "b", "c", "cancel-b"]);
      callee.onRequest = ({ socket, text }) => void socket.write(answerText(`answer to ${nameIn(text)}`));
      await assertServes("next");
      assert.equal(callee.connections, 1);
    });

    it("cuts the connection when all on it are given up", async () => {
      const closed = new Promise((resolve) => {
        callee.onConnection = (socket) => void socket.once("close", resolve);
      });
      callee.onRequest = () => {};
      const [a, b] = [sendShared("a"), sendShared("b")];
      await new Promise(setImmediate);
      a.connection!.abandonShared(a);
      b.connection!.abandonShared(b);
      await closed;
    });

    it("does not send what is taken back in the same tick", async () => {
      const seen: string[] = [];
      callee.onRequest = ({ socket, text }) => {
        seen.push(nameIn(text));
        socket.write(answerText("here"));
      };
      const [a, b] = [sendShared("a"), sendShared("b")];
      assert.equal(pool.takeBack(a), true);
      assert.equal(await b.outcome, "here");
      assert.deepEqual(seen, ["b"]);
      assert.equal(pool.takeBack(b), false);
    });

    it("fails all that still wait when the connection breaks, and none that are answered", async () => {
      callee.onRequest = ({ socket, text, request }) => {
        if (request === 0) socket.write(answerText(`answer to ${nameIn(text)}`));
        if (request === 2) socket.end("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf");
      };
      const [a, b, c] = [sendShared("a"), sendShared("b"), sendShared("c")];
      assert.equal(await a.outcome, "answer to a");
      await assert.rejects(b.outcome, Error);
      await assert.rejects(c.outcome, Error);
    });
  });
});

function nameIn(text: string): string {
  return /^POST \/(\S+)/.exec(text)![1]!;
}
