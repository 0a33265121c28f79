// Collecting letters may last longer than the server leaves them to whoever collects.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer, type Server } from "node:net";
import { type TestContext, test } from "node:test";
import { encode } from "./envelope.ts";
import { LetterBox } from "./letter-box.ts";

const letterId = "0123456789abcdef";
const travel = { key: null, trace: "", publishedAt: 1, since: 1, attempts: 3, reason: "no", diedAt: 2 };
const letter = encode({ id: "7", attributes: {}, travel, payload: "{}" });

function frame(type: number, data: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(data.length + 4, 0);
  head.writeInt32BE(type, 4);
  return Buffer.concat([head, data]);
}

function delivered(attempts: number): Buffer {
  const head = Buffer.alloc(10);
  head.writeUInt16BE(attempts, 8);
  return frame(2, Buffer.concat([head, Buffer.from(letterId), letter]));
}

async function portOf(t: TestContext, server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  t.after(() => server.close());
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

test("a letter that is delivered again meanwhile is the same letter, and goes back", async (t) => {
  const channels = [{ channel_name: "letters", depth: 2, in_flight_count: 0, deferred_count: 0 }];
  const stats = JSON.stringify({ topics: [{ topic_name: "dead", depth: 0, channels }] });
  const http = createHttpServer((_request, response) => response.writeHead(200, { connection: "close" }).end(stats));
  let heard = "";
  const answers: [command: string, answer: Buffer][] = [
    ["IDENTIFY", frame(0, Buffer.from('{"max_rdy_count":7,"max_msg_timeout":900000}'))],
    ["SUB dead letters", frame(0, Buffer.from("OK"))],
    ["RDY 2", Buffer.concat([delivered(1), delivered(2)])],
    ["CLS", frame(0, Buffer.from("CLOSE_WAIT"))],
  ];
  const nsqd = createServer((socket) => {
    socket.on("data", (data) => {
      heard += data.toString();
      while (answers.length > 0 && heard.includes(answers[0]![0])) socket.write(answers.shift()![1]);
    });
  });
  const [port, httpPort] = await Promise.all([portOf(t, nsqd), portOf(t, http)]);
  const address = { host: "127.0.0.1", port, httpUrl: `http://127.0.0.1:${httpPort}` };
  const box = await LetterBox.open([address], "dead");
  assert.deepEqual(
    box.letters.map(({ enveloped }) => enveloped.id),
    ["7"],
  );
  await box.close();
  assert.ok(heard.includes(`REQ ${letterId} 0\n`), heard);
  assert.ok(!heard.includes(`FIN ${letterId}`), heard);
});
