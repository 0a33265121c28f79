// The server as bytes see it: commands in any pieces, transactions, and who may come in.
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { after, before, describe, it } from "node:test";
import { CommandReader, encodeReply, ProtocolError } from "./resp.ts";
import { type CacheServer, startCacheServer } from "./start-cache-server.ts";

const password = "only for tests";
const wire = (...words: string[]) => encodeReply(words);

describe("the reader of commands", () => {
  it("takes them in any pieces", () => {
    const word = Buffer.from("grün").toString("latin1");
    const bytes = Buffer.from(wire("SET", word, "a\r\nb") + wire("GET", ""), "latin1");
    for (let size = 1; size <= bytes.length; size++) {
      const reader = new CommandReader();
      const commands: string[][] = [];
      for (let at = 0; at < bytes.length; at += size) commands.push(...reader.read(bytes.subarray(at, at + size)));
      assert.deepEqual(
        commands,
        [
          ["SET", word, "a\r\nb"],
          ["GET", ""],
        ],
        `in pieces of ${size} bytes`,
      );
    }
  });

  it("refuses what is no command", () => {
    assert.throws(() => [...new CommandReader().read(Buffer.from("GET / HTTP/1.1\r\n"))], ProtocolError);
  });

  it("refuses what would fill the memory before it is a command", () => {
    const endless = ["*9999999999\r\n", "*1\r\n$9999999999\r\n", "x".repeat(1_000), `*${"1".repeat(1_000)}`];
    for (const text of endless)
      assert.throws(() => [...new CommandReader().read(Buffer.from(text))], ProtocolError, text.slice(0, 20));
    const reader = new CommandReader({ parts: 10, textBytes: 100, commandBytes: 300 });
    const part = Buffer.from(`$100\r\n${"x".repeat(100)}\r\n`);
    assert.throws(() => {
      for (const bytes of [Buffer.from("*9\r\n"), part, part, part, part]) [...reader.read(bytes)];
    }, ProtocolError);
  });
});

describe("a session", () => {
  let server: CacheServer;
  before(async () => {
    server = await startCacheServer({ password, maxBytes: 20_000 });
    server.cache("main", "allkeys-lru");
    server.cache("full", "noeviction");
  });
  after(() => server.close());

  /** What is answered to all of it, once QUIT is. */
  async function ask(...commands: string[][]): Promise<string> {
    const socket = connect(server.port, server.host);
    let answer = "";
    socket.setEncoding("latin1").on("data", (text: string) => {
      answer += text;
    });
    socket.write([...commands, ["QUIT"]].map((command) => wire(...command)).join(""));
    await once(socket, "end");
    socket.destroy();
    return answer;
  }

  it("answers nobody without the password", async () => {
    assert.match(await ask(["GET", "a"]), /^-NOAUTH/);
    assert.match(await ask(["AUTH", "guess"], ["GET", "a"]), /^-WRONGPASS.*\r\n-NOAUTH/);
    assert.match(await ask(["SELECT", "0"], ["GET", "a"]), /^-ERR DB index.*\r\n-NOAUTH/);
  });

  it("keeps caches apart by their number", async () => {
    const answer = await ask(["AUTH", password], ["SET", "a", "1"], ["SELECT", "1"], ["GET", "a"], ["SELECT", "2"]);
    assert.match(answer, /^\+OK\r\n\+OK\r\n\+OK\r\n\$-1\r\n-ERR DB index/);
  });

  it("does a transaction in one go, and none of one with a wrong command", async () => {
    const auth = ["AUTH", password];
    const good = await ask(auth, ["MULTI"], ["SET", "t", "x"], ["INCRBY", "t", "1"], ["STRLEN", "t"], ["EXEC"]);
    assert.match(good, /\*3\r\n\+OK\r\n-ERR value is not an integer[^\r]*\r\n:1\r\n/);
    const bad = await ask(auth, ["MULTI"], ["SET", "u", "x"], ["NONSENSE"], ["EXEC"], ["GET", "u"]);
    assert.match(bad, /-EXECABORT[^\r]*\r\n\$-1\r\n/);
    const dropped = await ask(auth, ["MULTI"], ["SET", "u", "x"], ["DISCARD"], ["GET", "u"], ["EXEC"]);
    assert.match(dropped, /\+OK\r\n\$-1\r\n-ERR EXEC without MULTI/);
  });

  it("refuses writes when the memory is full and nothing may go", async () => {
    const auth = ["AUTH", password];
    const big = "x".repeat(30_000);
    const answer = await ask(auth, ["SELECT", "1"], ["SET", "a", big], ["SET", "b", "1"], ["GET", "b"], ["DEL", "a"]);
    assert.match(answer, /-OOM[^\r]*\r\n\$-1\r\n:1\r\n/);
  });

  it("says what is left of an entry's time", async () => {
    const auth = ["AUTH", password];
    const answer = await ask(auth, ["SET", "e", "1", "EX", "100"], ["TTL", "e"], ["PERSIST", "e"], ["TTL", "e"]);
    assert.match(answer, /:100\r\n:1\r\n:-1\r\n/);
    assert.match(await ask(auth, ["TTL", "none"], ["TYPE", "e"], ["KEYS", "?"]), /:-2\r\n\+string\r\n\*\d/);
  });

  it("runs no scripts but Tenon's own", async () => {
    const answer = await ask(["AUTH", password], ["EVAL", "return 1", "0"], ["EVALSHA", "f".repeat(40), "0"]);
    assert.match(answer, /-ERR this development server[^\r]*\r\n-NOSCRIPT/);
  });
});
