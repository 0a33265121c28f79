// Keys of a role, from an endpoint like that of Amazon ECS: asked once by many, renewed in time, and kept as long as they hold.
import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, describe, it } from "node:test";
import { RoleKeys } from "./role-keys.ts";
import { readText, S3Client } from "./s3-client.ts";

const HOUR_MS = 3_600_000;

describe("keys of a role", () => {
  let server: Server;
  let base: string;
  let asked: (string | undefined)[];
  let answer: () => { status: number; body: unknown };
  let lastUse: string | undefined;
  const keys = (id: string, holdsMs: number) => ({
    status: 200,
    body: {
      AccessKeyId: id,
      SecretAccessKey: "s",
      Token: `token of ${id}`,
      Expiration: new Date(Date.now() + holdsMs).toISOString(),
      RoleArn: "arn:aws:iam::1:role/shop",
    },
  });

  before(async () => {
    server = createServer((request, response) => {
      if (request.url?.startsWith("/bucket") === true) {
        lastUse = `${request.headers.authorization} ${request.headers["x-amz-security-token"]}`;
        return void response.end();
      }
      asked.push(request.headers.authorization);
      const { status, body } = answer();
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  beforeEach(() => {
    asked = [];
  });
  after(() => {
    server.close();
    server.closeAllConnections();
  });

  it("are asked for once by many, with the token of the file", async () => {
    const tokenFile = join(mkdtempSync(join(tmpdir(), "tenon-role-")), "token");
    writeFileSync(tokenFile, "of the pod\n");
    answer = () => keys("one", HOUR_MS);
    const role = new RoleKeys({ url: `${base}/keys`, token: "other", tokenFile });
    const all = await Promise.all([role.current(), role.current(), role.current()]);
    assert.deepEqual(all[2], { accessKeyId: "one", secretAccessKey: "s", sessionToken: "token of one" });
    await role.current();
    assert.deepEqual(asked, ["of the pod"]);
  });

  it("are renewed before they run out, and kept while that fails", async () => {
    const role = new RoleKeys({ url: `${base}/keys` });
    answer = () => keys("one", 60_000);
    assert.equal((await role.current()).accessKeyId, "one");
    answer = () => ({ status: 500, body: {} });
    assert.equal((await role.current()).accessKeyId, "one");
    answer = () => keys("two", HOUR_MS);
    assert.equal((await role.current()).accessKeyId, "two");
  });

  it("are an error where there are none", async () => {
    answer = () => ({ status: 403, body: {} });
    await assert.rejects(new RoleKeys({ url: `${base}/keys` }).current(), /no keys of the role from .*: status 403/);
    assert.equal(asked.length, 3);
    answer = () => ({ status: 200, body: { Code: "no role" } });
    await assert.rejects(new RoleKeys({ url: `${base}/keys` }).current(), /no keys in the answer/);
  });

  it("sign requests and URLs", async () => {
    answer = () => keys("one", HOUR_MS);
    const place = { endpoint: base, region: "r", bucketName: "bucket" };
    const client = new S3Client({ ...place, keysFrom: { url: `${base}/signing` } });
    await readText(await client.send({ method: "GET", key: "k" }));
    assert.match(lastUse ?? "", /Credential=one\/.* token of one$/);
    const url = new URL(await client.presign("GET", "k", { ttlSeconds: 60, query: {}, headers: {} }));
    assert.equal(url.searchParams.get("X-Amz-Security-Token"), "token of one");
    assert.equal(asked.length, 1);
  });
});
