// A public request that a gateway has passed on meets the same refusals as anywhere else: its gateway may know an older version of the app.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Endpoint, EndpointCodec } from "@tenon/model";
import { AuthBook } from "../auth/auth-book.ts";
import { HostedEndpoint } from "../call/hosted-endpoint.ts";
import { parseHead } from "../http/parse-head.ts";
import { testGraph } from "../lifecycle/testing-build.test.support.ts";
import { visitPassedOn } from "./passed-on-arrival.ts";

const nothing: EndpointCodec = { request: null, response: null };

describe("a request that a gateway has passed on", () => {
  it("is not served for nobody where the endpoint wants to know its callers", async () => {
    const graph = testGraph();
    const endpoint = graph.services[1]!.endpoints.find(({ name }) => name === "get") as Endpoint;
    let served = 0;
    const handler = () => {
      served++;
    };
    const visit = (auth: boolean) => {
      const hosted = new HostedEndpoint("users", { ...endpoint, auth, fields: [] }, nothing, handler);
      const head = "GET /users/1 HTTP/1.1\r\nhost: a\r\nx-tenon-forwarded: 1\r\n\r\n";
      const request = parseHead(Buffer.from(head), 0, 1024)!;
      return visitPassedOn(hosted, [], request, new AuthBook(graph));
    };
    assert.equal((await visit(false)).status, 200);
    assert.equal((await visit(true)).status, 401);
    assert.equal(served, 1);
  });
});
