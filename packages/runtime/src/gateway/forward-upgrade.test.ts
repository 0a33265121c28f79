// Connections that leave HTTP, through a gateway to a process behind it: what is sent arrives, refusals are answers, ends reach the
// other side, and a gateway that closes waits for them.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage, request as sendRequest, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { after, afterEach, before, describe, it } from "node:test";
import type { Endpoint, Graph } from "@tenon/model";
import { createGateway, type OpenGateway } from "./create-gateway.ts";

const endpoint = (name: string, kind: Endpoint["kind"]): Endpoint => ({
  name,
  kind,
  methods: ["GET"],
  path: { pattern: `/${name}`, segments: [{ kind: "literal", value: name }] },
  expose: true,
  auth: false,
  sensitive: false,
  tags: [],
  bodyLimitBytes: null,
  fields: [],
  location: { file: "chat.ts", line: 1, column: 1 },
});

const graph: Graph = {
  version: 1,
  app: { id: "upgrades" },
  services: [
    {
      name: "chat",
      directory: "chat",
      endpoints: [endpoint("talk", "stream-in-out"), endpoint("plain", "typed")],
      calls: [],
      databases: [],
      secrets: [],
    },
  ],
  databases: [],
  secrets: [],
  schemas: {},
};

interface Upgraded {
  readonly answer: IncomingMessage;
  /** undefined: the answer is an ordinary one. */
  readonly socket: Duplex | undefined;
  readonly head: string;
}

function ask(base: string, path: string, headers: Record<string, string> = {}): Promise<Upgraded> {
  return new Promise((resolve, reject) => {
    const request = sendRequest(`${base}${path}`, {
      agent: false,
      headers: { connection: "upgrade", upgrade: "test", ...headers },
    });
    request.on("upgrade", (answer, socket, head) => resolve({ answer, socket, head: head.toString() }));
    request.on("response", (answer) => resolve({ answer, socket: undefined, head: "" }));
    request.on("error", reject);
    request.end();
  });
}

async function textOf(answer: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of answer) text += String(chunk);
  return text;
}

function deferred(): { readonly promise: Promise<void>; resolve(): void } {
  let resolve!: () => void;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

/** All that arrives until the other side ends. */
async function rest(socket: Duplex): Promise<string> {
  let text = "";
  for await (const chunk of socket) text += String(chunk);
  return text;
}

describe("upgrades behind a gateway", () => {
  let server: Server;
  let gateway: OpenGateway;
  /** What the service does with the next connection it is asked to take over. */
  let takeOver: (request: IncomingMessage, socket: Socket) => void;
  let seen: IncomingMessage | undefined;

  before(async () => {
    server = createServer((request, response) => {
      seen = request;
      response.setHeader("content-type", "text/plain").end("an ordinary answer");
    });
    server.on("upgrade", (request, socket) => {
      seen = request;
      takeOver(request, socket as Socket);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    gateway = await open();
  });
  after(async () => {
    await gateway.close({ timeoutMs: 0 });
    server.close();
    server.closeAllConnections();
  });
  afterEach(() => {
    seen = undefined;
  });

  function open(): Promise<OpenGateway> {
    const { port } = server.address() as AddressInfo;
    const remotes = { chat: `http://127.0.0.1:${port}` };
    return createGateway({ address: { host: "127.0.0.1", port: 0 }, graph, remotes, credential: "c" });
  }

  const accept = (socket: Socket, text = "") =>
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: test\r\nx-own: yes\r\n\r\n${text}`,
    );

  it("passes bytes both ways, the first ones with the answer, and the end", async () => {
    takeOver = (_request, socket) => {
      accept(socket, "welcome;");
      socket.on("data", (chunk) => {
        if (chunk.toString() === "bye") socket.end("until then");
        else socket.write(`echo ${chunk};`);
      });
    };
    const { answer, socket, head } = await ask(gateway.address, "/talk?room=1", { "x-tenon-caller": "forged" });
    assert.equal(answer.statusCode, 101);
    assert.equal(answer.headers["upgrade"], "test");
    assert.equal(answer.headers["x-own"], "yes");
    assert.match(String(answer.headers["traceresponse"]), /^00-[0-9a-f]{32}-/);
    assert.equal(seen?.url, "/talk?room=1");
    assert.equal(seen?.headers["x-tenon-credential"], "c");
    assert.equal(seen?.headers["x-tenon-forwarded"], "1");
    assert.equal(seen?.headers["x-tenon-caller"], undefined);
    socket!.write("one");
    let text = head;
    while (!text.includes("echo one;")) text += String((await once(socket!, "data"))[0]);
    assert.equal(text, "welcome;echo one;");
    socket!.write("bye");
    assert.equal(await rest(socket!), "until then");
  });

  it("waits for a slow reader instead of keeping what it has not read", async () => {
    const sizeBytes = 32 * 1024 ** 2;
    let service: Socket | undefined;
    takeOver = (_request, socket) => {
      service = socket;
      accept(socket);
      socket.end(Buffer.alloc(sizeBytes));
    };
    const { socket, head } = await ask(gateway.address, "/talk");
    // Much longer than it takes to pass all of it on; the buffers of the systems on the way hold some.
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.ok(service!.writableLength > sizeBytes / 4, `${service!.writableLength} bytes are left`);
    let receivedBytes = head.length;
    for await (const chunk of socket! as AsyncIterable<Buffer>) receivedBytes += chunk.length;
    assert.equal(receivedBytes, sizeBytes);
  });

  it("gives a refusal as it is", async () => {
    takeOver = (_request, socket) => socket.end("HTTP/1.1 403 Forbidden\r\ncontent-length: 2\r\n\r\nno");
    const { answer, socket } = await ask(gateway.address, "/talk");
    assert.equal(socket, undefined);
    assert.equal(answer.statusCode, 403);
    assert.equal(await textOf(answer), "no");
  });

  it("answers 503 when the service breaks off before it has answered", async () => {
    takeOver = (_request, socket) => socket.destroy();
    const { answer } = await ask(gateway.address, "/talk");
    assert.equal(answer.statusCode, 503);
    assert.equal((JSON.parse(await textOf(answer)) as { code: string }).code, "unavailable");
  });

  it("tells the service when the client breaks off, and the client when the service does", async () => {
    const clientGone = deferred();
    const serviceGone = deferred();
    takeOver = (_request, socket) => {
      accept(socket);
      socket.once("end", () => clientGone.resolve());
      socket.resume();
    };
    (await ask(gateway.address, "/talk")).socket!.destroy();
    await clientGone.promise;
    takeOver = (_request, socket) => {
      accept(socket);
      socket.resetAndDestroy();
    };
    const { socket } = await ask(gateway.address, "/talk");
    socket!.once("error", () => {});
    socket!.once("close", () => serviceGone.resolve());
    socket!.resume();
    await serviceGone.promise;
  });

  it("serves an endpoint that takes nothing over as if the request had not asked", async () => {
    const { answer, socket } = await ask(gateway.address, "/plain");
    assert.equal(socket, undefined);
    assert.equal(answer.statusCode, 200);
    assert.equal(await textOf(answer), "an ordinary answer");
    assert.equal(seen?.headers["upgrade"], undefined);
    assert.equal((await ask(gateway.address, "/nowhere")).answer.statusCode, 404);
  });

  it("refuses a body, which nobody would read as one", async () => {
    const { answer } = await ask(gateway.address, "/plain", { "content-length": "5" });
    assert.equal(answer.statusCode, 400);
  });

  it("drains without waiting for upgraded connections, and cuts them off when it closes", async () => {
    takeOver = (_request, socket) => accept(socket);
    const own = await open();
    const { socket } = await ask(own.address, "/talk");
    await own.drain({ timeoutMs: 5_000 });
    assert.equal(socket!.destroyed, false);
    socket!.once("error", () => {});
    const closed = once(socket!, "close");
    socket!.resume();
    await own.close({ timeoutMs: 0 });
    await closed;
  });
});
