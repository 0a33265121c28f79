// Keys from the endpoint that AWS gives to containers, against a server that answers like it.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, describe, it } from "node:test";
import { ContainerCredentials } from "./container-credentials.ts";
import { readText, S3Client } from "./s3-client.ts";

describe("ContainerCredentials", () => {
  let server: Server;
  let url: string;
  let requests: IncomingMessage[];
  /** How long the next keys hold; undefined: there are none. */
  let holdMs: number | undefined;
  before(async () => {
    server = createServer((request, response) => {
      requests.push(request);
      const isStore = request.url?.startsWith("/store") === true;
      if (isStore) return response.end("stored");
      if (holdMs === undefined) return response.writeHead(500).end();
      const Expiration = new Date(Date.now() + holdMs).toISOString();
      return response.end(
        JSON.stringify({ AccessKeyId: `id-${requests.length}`, SecretAccessKey: "s", Token: "t", Expiration }),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  beforeEach(() => {
    requests = [];
    holdMs = 3_600_000;
  });
  after(() => {
    server.close();
    server.closeAllConnections();
  });

  it("asks once for all who wait, and not again while the keys hold", async () => {
    const credentials = new ContainerCredentials({ url, token: "secret" });
    const both = await Promise.all([credentials.current(), credentials.current()]);
    assert.deepEqual(both[0], { accessKeyId: "id-1", secretAccessKey: "s", sessionToken: "t" });
    assert.deepEqual(await credentials.current(), both[1]);
    assert.equal(requests.length, 1);
    assert.equal(requests[0]?.headers["authorization"], "secret");
  });

  it("asks again shortly before the end, and bears a failure while the old keys hold", async () => {
    const credentials = new ContainerCredentials({ url });
    holdMs = 60_000;
    await credentials.current();
    assert.equal((await credentials.current()).accessKeyId, "id-2");
    holdMs = undefined;
    assert.equal((await credentials.current()).accessKeyId, "id-2");
    assert.equal(requests.length, 3);
  });

  it("tells where there are no keys to be had", async () => {
    holdMs = undefined;
    await assert.rejects(new ContainerCredentials({ url }).current(), /gave this container no keys: 500/);
  });

  it("reads the token from its file each time", async () => {
    const folder = await mkdtemp(join(tmpdir(), "tenon-token-"));
    try {
      const tokenFile = join(folder, "token");
      const credentials = new ContainerCredentials({ url, tokenFile });
      holdMs = 1000;
      for (const token of ["one", "two"]) {
        await writeFile(tokenFile, `${token}\n`);
        await credentials.current();
      }
      assert.deepEqual(
        requests.map(({ headers }) => headers["authorization"]),
        ["one", "two"],
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("signs requests and URLs with them", async () => {
    const config = { endpoint: `${url}/store`, region: "r", bucketName: "b", accessKeyId: "", secretAccessKey: "" };
    const client = new S3Client({ ...config, credentialsEndpoint: { url } });
    assert.equal(await readText(await client.send({ method: "GET", key: "k" })), "stored");
    const { headers } = requests[1]!;
    assert.match(String(headers["authorization"]), /Credential=id-1\//);
    assert.equal(headers["x-amz-security-token"], "t");
    const signed = new URL(await client.presign("GET", "k", { ttlSeconds: 60, query: {}, headers: {} }));
    assert.equal(signed.searchParams.get("X-Amz-Security-Token"), "t");
  });
});
