// Requests to emulators carry no token, and what went wrong is told in the words of who answered.
import assert from "node:assert/strict";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { test, type TestContext } from "node:test";
import { PubsubApi } from "./pubsub-api.ts";
import { GoogleApiError } from "./rest-client.ts";

interface Answering {
  readonly address: string;
  readonly seen: { readonly url: string; readonly headers: IncomingHttpHeaders }[];
}

async function answering(t: TestContext, status: number, body: string): Promise<Answering> {
  const seen: Answering["seen"][number][] = [];
  const server = createServer((request, response) => {
    seen.push({ url: request.url!, headers: request.headers });
    request.resume().once("end", () => response.writeHead(status, { connection: "close" }).end(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

test("an emulator that the environment names is asked, without a token", async (t) => {
  const { address, seen } = await answering(t, 200, "{}");
  const before = process.env["PUBSUB_EMULATOR_HOST"];
  process.env["PUBSUB_EMULATOR_HOST"] = address;
  t.after(() => {
    if (before === undefined) delete process.env["PUBSUB_EMULATOR_HOST"];
    else process.env["PUBSUB_EMULATOR_HOST"] = before;
  });
  const api = new PubsubApi({ projectId: "p", topics: {} });
  assert.deepEqual(await api.pull("projects/p/subscriptions/s", 1, {}), []);
  assert.deepEqual([seen[0]!.url, seen[0]!.headers.authorization], ["/v1/projects/p/subscriptions/s:pull", undefined]);
});

test("Google's refusal has its status and words, anybody else's what it said", async (t) => {
  const refusal = (body: string, status: number) =>
    answering(t, status, body).then(({ address }) =>
      new PubsubApi({ projectId: "p", endpoint: `http://${address}/`, topics: {} }).factsOf(
        "projects/p/subscriptions/s",
      ),
    );
  const google = JSON.stringify({
    error: { code: 404, message: "Resource not found (resource=s).", status: "NOT_FOUND" },
  });
  await assert.rejects(refusal(google, 404), (error: unknown) => {
    assert.ok(error instanceof GoogleApiError);
    assert.deepEqual([error.status, error.message], ["NOT_FOUND", "NOT_FOUND: Resource not found (resource=s)."]);
    return true;
  });
  await assert.rejects(refusal("<html>no way through</html>", 502), /status 502: <html>no way through/);
});
