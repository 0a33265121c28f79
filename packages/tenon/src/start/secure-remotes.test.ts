// Requests to services that are reached by https, through the relay, against a server with TLS and one that answers like Google's metadata server.
import assert from "node:assert/strict";
import { createServer, type IncomingMessage, request, type Server } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { after, before, beforeEach, describe, it } from "node:test";
import { cert, key } from "./secure-certificate.test.support.ts";
import { secureRemotes } from "./secure-remotes.ts";

describe("secureRemotes", () => {
  let service: Server;
  let metadata: Server;
  let address: string;
  let seen: IncomingMessage[];
  let audiences: string[];
  before(async () => {
    service = createSecureServer({ cert, key }, (incoming, response) => {
      seen.push(incoming);
      response.writeHead(201, { "x-answer": "yes" });
      incoming.pipe(response);
    });
    service.on("upgrade", (incoming, socket) => {
      seen.push(incoming);
      socket.write("HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\n");
      socket.pipe(socket);
    });
    metadata = createServer((incoming, response) => {
      const url = new URL(incoming.url!, "http://x");
      assert.equal(incoming.headers["metadata-flavor"], "Google");
      audiences.push(url.searchParams.get("audience")!);
      response.end(tokenOf({ exp: Date.now() / 1000 + 3600 }));
    });
    for (const server of [service, metadata]) {
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    }
    address = `https://localhost:${(service.address() as AddressInfo).port}`;
  });
  beforeEach(() => {
    seen = [];
    audiences = [];
  });
  after(() => {
    for (const server of [service, metadata]) {
      server.close();
      server.closeAllConnections();
    }
  });

  async function open(asks: boolean): Promise<string> {
    const environment = { GCE_METADATA_HOST: `127.0.0.1:${(metadata.address() as AddressInfo).port}` };
    const identityTokens = new Set(asks ? ["orders"] : []);
    const remotes = { orders: address, users: "http://users:8081" };
    const opened = await secureRemotes(remotes, { identityTokens, environment, ca: cert });
    assert.equal(opened["users"], "http://users:8081");
    return opened["orders"]!.replace(/^unix:/, "");
  }

  function post(socketPath: string, body: string): Promise<{ status: number; answer: string; text: string }> {
    return new Promise((resolve, reject) => {
      const sent = request({ socketPath, method: "POST", path: "/a?b=c", headers: { "x-own": "1" } }, (incoming) => {
        const parts: Buffer[] = [];
        incoming.on("data", (part: Buffer) => parts.push(part));
        incoming.on("end", () => {
          const text = Buffer.concat(parts).toString();
          resolve({ status: incoming.statusCode!, answer: String(incoming.headers["x-answer"]), text });
        });
      });
      sent.on("error", reject);
      sent.end(body);
    });
  }

  it("sends requests on as they are, with the host they are for", async () => {
    const socketPath = await open(false);
    assert.deepEqual(await post(socketPath, "hello"), { status: 201, answer: "yes", text: "hello" });
    const [{ url, headers }] = seen as [IncomingMessage];
    assert.equal(url, "/a?b=c");
    assert.equal(headers["host"], new URL(address).host);
    assert.equal(headers["x-own"], "1");
    assert.equal(headers["x-serverless-authorization"], undefined);
  });

  it("adds the identity token for that address where Google asks for it, and asks for it once", async () => {
    const socketPath = await open(true);
    await Promise.all([post(socketPath, "1"), post(socketPath, "2")]);
    await post(socketPath, "3");
    assert.deepEqual(audiences, [address]);
    for (const { headers } of seen) assert.match(String(headers["x-serverless-authorization"]), /^Bearer \w+\.\w+\./);
  });

  it("lets upgrades through as bytes", async () => {
    const socketPath = await open(true);
    const headers = { connection: "upgrade", upgrade: "echo" };
    const echoed = await new Promise<string>((resolve, reject) => {
      const sent = request({ socketPath, path: "/stream", headers });
      sent.on("upgrade", (_, socket) => {
        socket.once("data", (bytes: Buffer) => {
          socket.destroy();
          resolve(bytes.toString());
        });
        socket.write("over");
      });
      sent.on("error", reject);
      sent.end();
    });
    assert.equal(echoed, "over");
    assert.match(String(seen[0]?.headers["x-serverless-authorization"]), /^Bearer /);
  });

  it("cuts the connection where the certificate is not to be trusted", async () => {
    const options = { identityTokens: new Set<string>(), environment: {} };
    const opened = await secureRemotes({ orders: address }, options);
    await assert.rejects(post(opened["orders"]!.replace(/^unix:/, ""), "x"), { code: "ECONNRESET" });
    assert.equal(seen.length, 0);
  });
});

function tokenOf(claims: object): string {
  return `head.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.signature`;
}
