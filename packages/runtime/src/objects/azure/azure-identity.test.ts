// A bucket of Azure used with the identity of the process, as Microsoft documents it: no service of Azure was asked. With the account's key the
// suite in conformance/objects runs on Azurite, which verifies its signatures.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, beforeEach, test } from "node:test";
import { AzureStore } from "./azure-store.ts";

interface Asked {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

const delegation = {
  SignedOid: "oid",
  SignedTid: "tid",
  SignedStart: "2026-11-23T00:00:00Z",
  SignedExpiry: new Date(Date.now() + 7 * 86_400_000 + 60_000).toISOString().replace(/\.\d+/, ""),
  SignedService: "b",
  SignedVersion: "2021-12-02",
  Value: Buffer.from("the delegated key").toString("base64"),
};
let asked: Asked[] = [];
let store: AzureStore;
const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const url = new URL(request.url ?? "", "http://host");
  const { method = "", headers } = request;
  asked.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
  answer(url, method, response);
});

function answer(url: URL, method: string, response: ServerResponse): void {
  if (url.pathname === "/identity") {
    response.end(
      JSON.stringify({ access_token: "the token", expires_on: String(Math.floor(Date.now() / 1000) + 3600) }),
    );
  } else if (url.searchParams.get("comp") === "userdelegationkey") {
    const fields = Object.entries(delegation).map(([name, value]) => `<${name}>${value}</${name}>`);
    response.end(`<?xml version="1.0" encoding="utf-8"?><UserDelegationKey>${fields.join("")}</UserDelegationKey>`);
  } else if (method === "HEAD") {
    response.writeHead(200, { etag: '"0x1"', "content-length": "3", "x-ms-meta-page_x2e_count": "12" }).end();
  } else {
    response.writeHead(method === "PUT" ? 202 : 200, { etag: '"0x2"' }).end();
  }
}

before(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  process.env["IDENTITY_ENDPOINT"] = `${url}/identity`;
  process.env["IDENTITY_HEADER"] = "a header";
  store = new AzureStore("photos", {
    store: "azure",
    endpoint: url,
    account: "shop",
    bucketName: "pics",
    keyPrefix: "eu/",
  });
});
after(() => {
  server.close();
  server.closeAllConnections();
});
beforeEach(() => {
  asked = [];
});

test("requests carry a token for storage", async () => {
  const attrs = await store.attrs("a b.png", undefined);
  assert.deepEqual(attrs.metadata, { "page.count": "12" });
  const [token, head] = asked;
  assert.equal(token?.url.searchParams.get("resource"), "https://storage.azure.com");
  assert.equal(token?.headers["x-identity-header"], "a header");
  assert.equal(head?.headers.authorization, "Bearer the token");
  assert.equal(head?.headers["x-ms-version"], "2021-12-02");
  assert.equal(head?.url.pathname, "/pics/eu/a%20b.png");
});

test("a name leads nowhere else", async () => {
  const access = {
    method: "GET",
    version: undefined,
    ttlSeconds: 60,
    contentType: undefined,
    maxSizeBytes: undefined,
  } as const;
  for (const name of ["..", "a/../../other/b", "a\\..\\b", "./a"]) {
    const refused = { code: "objects_unsupported", message: /Azure has no objects with/ };
    await assert.rejects(store.remove(name, undefined), refused);
    await assert.rejects(store.signedUrl({ ...access, name }), refused);
  }
  assert.equal(asked.length, 0);
});

test("a copy names who may read its source", async () => {
  const copy = {
    version: undefined,
    headers: {},
    metadata: undefined,
    condition: { notExists: true },
    signal: undefined,
  } as const;
  const attrs = await store.copy("a", "b", copy);
  assert.deepEqual([attrs.name, attrs.etag, attrs.size], ["b", "0x2", 3]);
  const { headers } = asked.find(({ method }) => method === "PUT")!;
  assert.match(String(headers["x-ms-copy-source"]), /^http:\/\/127\.0\.0\.1:\d+\/pics\/eu\/a$/);
  assert.equal(headers["x-ms-copy-source-authorization"], "Bearer the token");
  assert.equal(headers["x-ms-source-if-match"], '"0x1"');
  assert.equal(headers["if-none-match"], "*");
});

test("URLs are signed with a key that the account gives to the identity, once for many", async () => {
  const access = {
    method: "GET",
    name: "a",
    version: undefined,
    ttlSeconds: 600,
    contentType: undefined,
    maxSizeBytes: undefined,
  } as const;
  const url = new URL(await store.signedUrl(access));
  await store.signedUrl({ ...access, method: "PUT" });
  assert.equal(asked.filter(({ method }) => method === "POST").length, 1);
  const [{ body, headers }] = asked.filter(({ method }) => method === "POST") as [Asked];
  assert.equal(headers.authorization, "Bearer the token");
  const [, start = "", expiry = ""] =
    /<KeyInfo><Start>([^<]+Z)<\/Start><Expiry>([^<]+Z)<\/Expiry><\/KeyInfo>$/.exec(body) ?? [];
  const minuteMs = 60_000;
  assert.ok(Date.parse(start) <= Date.now() - 10 * minuteMs, "it holds for a service whose clock is behind, too");
  assert.ok(Date.parse(expiry) <= Date.now() + 7 * 86_400_000 - 10 * minuteMs, "nor is it too long for such a one");
  assert.ok(Date.parse(expiry) >= Date.now() + 600_000);
  const field = (name: string) => url.searchParams.get(name) ?? "";
  // The lines of the text to sign, as the page on user delegation SAS lists them for 2020-12-06 and later.
  const lines = [
    field("sp"),
    field("st"),
    field("se"),
    "/blob/shop/pics/eu/a",
    "oid",
    "tid",
    field("skt"),
    field("ske"),
    "b",
    field("skv"),
  ];
  const text = [
    ...lines,
    "",
    "",
    "",
    field("sip"),
    field("spr"),
    field("sv"),
    field("sr"),
    "",
    "",
    "",
    "",
    "",
    "",
    "",
  ].join("\n");
  assert.equal(field("sig"), createHmac("sha256", "the delegated key").update(text).digest("base64"));
  assert.deepEqual(
    [field("sp"), field("sr"), field("skt"), field("ske")],
    ["r", "b", delegation.SignedStart, delegation.SignedExpiry],
  );
});
