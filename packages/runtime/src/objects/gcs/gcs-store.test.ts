// A bucket of Google Cloud Storage as Google documents it: what is sent, and that an upload survives what its protocol is made for. No service
// of Google was asked; the suite in conformance/objects runs on a server that others have written.
import assert from "node:assert/strict";
import { randomBytes, verify, generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { canonicalRequest, sha256Hex } from "../../cloud/sigv4/canonical-request.ts";
import { PreconditionFailed } from "../errors.ts";
import type { StoredUpload } from "../object-store.ts";
import { GcsStore } from "./gcs-store.ts";

const MiB = 1024 * 1024;
const folder = mkdtempSync(join(tmpdir(), "tenon-gcs-"));
const keys = generateKeyPairSync("rsa", { modulusLength: 2048 });
const plain: StoredUpload = { headers: {}, metadata: {}, condition: undefined, checksum: {}, signal: undefined };

/** A session that fails as a test wants it to. */
class Session {
  kept = Buffer.alloc(0);
  canceled = false;
  readonly asked: string[] = [];
  onChunk: (request: IncomingMessage, response: ServerResponse, chunk: Buffer) => boolean = () => false;

  take(request: IncomingMessage, response: ServerResponse, body: Buffer): void {
    const range = String(request.headers["content-range"]);
    this.asked.push(range);
    const [, start, total] = /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/.exec(range) ?? [];
    if (start !== undefined) {
      if (Number(start) !== this.kept.length) return void response.writeHead(400).end();
      if (this.onChunk(request, response, body)) return;
      this.kept = Buffer.concat([this.kept, body]);
    }
    this.answer(response, total);
  }

  answer(response: ServerResponse, total: string | undefined): void {
    if (total === String(this.kept.length)) {
      response.end(JSON.stringify({ name: "big", size: total, generation: "77" }));
    } else {
      const range = this.kept.length === 0 ? {} : { range: `bytes=0-${this.kept.length - 1}` };
      response.writeHead(308, range).end();
    }
  }
}

let session = new Session();
let opened: { readonly url: URL; readonly body: string; readonly authorization: string | undefined }[] = [];
let address: string;
let store: GcsStore;
const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  } catch {
    return;
  }
  const body = Buffer.concat(chunks);
  const url = new URL(request.url ?? "", "http://host");
  if (url.pathname === "/token") response.end(JSON.stringify({ access_token: "the token", expires_in: 3600 }));
  else if (url.searchParams.has("upload_id") && request.method === "DELETE") {
    session.canceled = true;
    response.writeHead(499).end();
  } else if (url.searchParams.has("upload_id")) session.take(request, response, body);
  else {
    opened.push({ url, body: body.toString("latin1"), authorization: request.headers.authorization });
    if (url.searchParams.get("ifGenerationMatch") === "5") return void response.writeHead(412).end("{}");
    const location = `https://elsewhere.example${url.pathname}?uploadType=resumable&upload_id=1`;
    response.writeHead(200, { location }).end(JSON.stringify({ name: "x", size: "1", generation: "7" }));
  }
});

before(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  address = url;
  const file = join(folder, "account.json");
  const privateKey = keys.privateKey.export({ type: "pkcs8", format: "pem" });
  const email = "shop@shop-1.iam.gserviceaccount.com";
  const account = { type: "service_account", client_email: email, private_key: privateKey, token_uri: `${url}/token` };
  writeFileSync(file, JSON.stringify(account));
  process.env["GOOGLE_APPLICATION_CREDENTIALS"] = file;
  store = new GcsStore("photos", { store: "gcs", endpoint: url, bucketName: "pics", keyPrefix: "eu/" }, false);
});
after(() => {
  server.close();
  server.closeAllConnections();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  session = new Session();
  opened = [];
});

async function* pieces(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += MiB) yield bytes.subarray(at, at + MiB);
}

async function assertArrives(bytes: Buffer): Promise<void> {
  const attrs = await store.upload("big", pieces(bytes), plain);
  assert.deepEqual([attrs.size, attrs.etag], [bytes.length, "77"]);
  assert.ok(session.kept.equals(bytes));
}

test("a small upload is one request: attributes, bytes and their hash", async () => {
  const upload = {
    ...plain,
    headers: { contentType: "text/plain" },
    metadata: { a: "ü" },
    condition: { ifMatch: "6" },
  };
  const attrs = await store.upload("small", pieces(Buffer.from("hello")), upload);
  assert.deepEqual(attrs, { name: "small", size: 1, etag: "7" });
  const [{ url, body, authorization }] = opened as [(typeof opened)[number]];
  assert.equal(`${url.pathname}${url.search}`, "/upload/storage/v1/b/pics/o?ifGenerationMatch=6&uploadType=multipart");
  assert.equal(authorization, "Bearer the token");
  const resource = JSON.parse(Buffer.from(body.split("\r\n\r\n")[1]!.split("\r\n")[0]!, "latin1").toString()) as object;
  const md5Hash = "XUFAKrxLKna5cZ2REBfFkg==";
  assert.deepEqual(resource, { name: "eu/small", contentType: "text/plain", metadata: { a: "ü" }, md5Hash });
  assert.match(body, /\r\ncontent-type: text\/plain\r\n\r\nhello\r\n--[\w-]+--\r\n$/);
});

test("a condition that does not hold, or cannot, is told", async () => {
  for (const ifMatch of ["5", "no generation"])
    await assert.rejects(
      store.upload("x", pieces(Buffer.from("x")), { ...plain, condition: { ifMatch } }),
      PreconditionFailed,
    );
  assert.equal(opened.length, 1);
});

test("a name that stands for a folder reaches nothing", async () => {
  const bare = new GcsStore("photos", { store: "gcs", endpoint: address, bucketName: "pics" }, false);
  for (const name of [".", ".."]) {
    const refused = { code: "objects_unsupported", message: /Google has no objects/ };
    await assert.rejects(bare.remove(name, undefined), refused);
    await assert.rejects(bare.attrs(name, undefined), refused);
  }
  assert.equal(opened.length, 0);
});

test("a large upload goes in chunks, the last of which says how much it was", async () => {
  await assertArrives(randomBytes(17 * MiB + 5));
  const total = 17 * MiB + 5;
  const [a, b] = [8 * MiB, 16 * MiB];
  assert.deepEqual(session.asked, [`bytes 0-${a - 1}/*`, `bytes ${a}-${b - 1}/*`, `bytes ${b}-${total - 1}/${total}`]);
});

test("an upload of whole chunks ends with one of them", async () => {
  await assertArrives(randomBytes(16 * MiB));
  assert.equal(session.asked.at(-1), `bytes ${8 * MiB}-${16 * MiB - 1}/${16 * MiB}`);
});

test("what the store did not keep of a chunk is sent again, and no more than that", async () => {
  let isFirst = true;
  session.onChunk = (_, response, chunk) => {
    if (!isFirst) return false;
    isFirst = false;
    session.kept = Buffer.from(chunk.subarray(0, MiB));
    session.answer(response, undefined);
    return true;
  };
  await assertArrives(randomBytes(9 * MiB));
  assert.deepEqual(session.asked.slice(0, 2), [`bytes 0-${8 * MiB - 1}/*`, `bytes ${MiB}-${8 * MiB - 1}/*`]);
});

test("after a connection that broke, the store is asked what it has", async () => {
  let isFirst = true;
  session.onChunk = (request, _, chunk) => {
    if (!isFirst) return false;
    isFirst = false;
    session.kept = Buffer.from(chunk.subarray(0, 3 * MiB));
    request.socket.destroy();
    return true;
  };
  await assertArrives(randomBytes(9 * MiB));
  assert.deepEqual(session.asked.slice(1, 3), ["bytes */*", `bytes ${3 * MiB}-${8 * MiB - 1}/*`]);
});

test("an answer that was lost is asked for, and the object is not written twice", async () => {
  session.onChunk = (request, _, chunk) => {
    if (session.kept.length === 0) return false;
    session.kept = Buffer.concat([session.kept, chunk]);
    request.socket.destroy();
    return true;
  };
  await assertArrives(randomBytes(9 * MiB));
  assert.deepEqual(session.asked.slice(2), [`bytes */${9 * MiB}`]);
});

test("a source that fails cancels the session", async () => {
  const failing = (async function* () {
    yield randomBytes(9 * MiB);
    throw new RangeError("the source is gone");
  })();
  await assert.rejects(store.upload("big", failing, plain), { name: "RangeError" });
  while (!session.canceled) await new Promise((resolve) => setImmediate(resolve));
});

test("a URL is signed by the account", async () => {
  const access = {
    method: "PUT",
    name: "ü a/x",
    version: undefined,
    ttlSeconds: 60,
    contentType: "image/png",
    maxSizeBytes: undefined,
  } as const;
  const url = new URL(await store.signedUrl(access));
  assert.equal(url.pathname, "/pics/eu/%C3%BC%20a/x");
  const field = (name: string) => url.searchParams.get(`X-Goog-${name}`) ?? "";
  assert.equal(
    field("Credential"),
    `shop@shop-1.iam.gserviceaccount.com/${field("Date").slice(0, 8)}/auto/storage/goog4_request`,
  );
  assert.deepEqual([field("Expires"), field("SignedHeaders")], ["60", "content-type;host"]);
  const canonical = canonicalRequest({
    method: "PUT",
    path: "/pics/eu/ü a/x",
    query: [...url.searchParams].filter(([name]) => name !== "X-Goog-Signature"),
    headers: [
      ["content-type", "image/png"],
      ["host", url.host],
    ],
    signedHeaders: ["content-type", "host"],
    payloadHash: "UNSIGNED-PAYLOAD",
  });
  const scope = field("Credential").split("/").slice(1).join("/");
  const text = ["GOOG4-RSA-SHA256", field("Date"), scope, sha256Hex(canonical)].join("\n");
  assert.ok(verify("RSA-SHA256", Buffer.from(text), keys.publicKey, Buffer.from(field("Signature"), "hex")));
});
