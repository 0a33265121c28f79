// Another process may be reached by TLS only: its certificate is checked, and it is asked by the name that it has there.
import assert from "node:assert/strict";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { after, before, describe, it } from "node:test";
import { forward, type Forwarding } from "../gateway/forward.ts";
import { startSpan } from "../telemetry/recorder.ts";
import { cert, key } from "./certificate.test.support.ts";
import { FunctionRequest } from "../functions/function-request.ts";
import { createRemote } from "./remote.ts";

describe("a remote behind TLS", () => {
  const seen: (string | undefined)[][] = [];
  const server = createServer({ cert, key }, (request, response) => {
    seen.push([request.headers.host, request.headers["x-tenon-host"] as string]);
    request.resume();
    request.once("end", () => response.end("done"));
  });
  let address: string;
  before(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    address = `https://localhost:${(server.address() as AddressInfo).port}`;
  });
  after(() => {
    delete process.env["NODE_TLS_REJECT_UNAUTHORIZED"];
    server.closeAllConnections();
    server.close();
  });

  async function ask(body: Buffer | null) {
    const remote = createRemote("users", address);
    const headers = { host: "shop.example" };
    const span = startSpan({ name: "test", kind: "server", service: "gateway" });
    const forwarding: Forwarding = { service: "users", remote, credential: "c", span, headers };
    const call = { method: "POST", path: "/a", query: "", headers, body, remoteAddress: "", deadlineAt: undefined };
    try {
      return await forward(forwarding, new FunctionRequest(call, "public"));
    } finally {
      remote.agent.destroy();
      remote.pool.retire();
    }
  }

  it("is not believed without a certificate that somebody vouches for", async () => {
    for (const body of [null, Buffer.from("text")])
      await assert.rejects(ask(body), { code: "unavailable", message: "the service users could not be reached" });
    assert.deepEqual(seen, []);
  });

  it("is asked by its own name, and told which one the client has used", async () => {
    process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = "0";
    for (const body of [null, Buffer.from("text")]) assert.equal((await ask(body)).status, 200);
    const expected = [new URL(address).host, "shop.example"];
    assert.deepEqual(seen, [expected, expected]);
  });
});
