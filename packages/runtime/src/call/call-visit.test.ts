// A typed call that shares its connection can be canceled by a message as long as it runs, and not a moment longer.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Endpoint, EndpointCodec } from "@tenon/model";
import { AuthBook } from "../auth/auth-book.ts";
import { parseHead } from "../http/parse-head.ts";
import { testGraph } from "../lifecycle/testing-build.test.support.ts";
import { visitCall } from "./call-visit.ts";
import { HostedEndpoint } from "./hosted-endpoint.ts";
import { type RunningCall, RunningCalls } from "./running-calls.ts";

const nothing: EndpointCodec = { request: null, response: null };
const SPAN = "00f067aa0ba902b7";
const HEAD = [
  "POST /__tenon/call/users/get HTTP/1.1",
  "host: a",
  `traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-${SPAN}-01`,
  "x-tenon-shared: 1",
  "x-tenon-deadline-ms: 1",
];

describe("a call that shares its connection", () => {
  it("is forgotten when its deadline has passed before it could be waited for", async () => {
    const graph = testGraph();
    const endpoint = graph.services[1]!.endpoints.find(({ name }) => name === "get") as Endpoint;
    const busy = () => {
      const endsAt = Date.now() + 5;
      while (Date.now() < endsAt);
      return new Promise(() => {});
    };
    const known = new Set<string>();
    class Watched extends RunningCalls {
      override add(spanId: string, call: RunningCall): void {
        known.add(spanId);
        super.add(spanId, call);
      }
      override remove(spanId: string): void {
        known.delete(spanId);
        super.remove(spanId);
      }
    }
    const request = parseHead(Buffer.from(`${HEAD.join("\r\n")}\r\n\r\n`), 0, 1024)!;
    const hosted = new HostedEndpoint("users", { ...endpoint, auth: false }, nothing, busy);
    const answer = await visitCall(hosted, new AuthBook(graph), new Watched(), request);
    assert.equal(answer.status, 504);
    assert.deepEqual([...known], []);
  });
});
