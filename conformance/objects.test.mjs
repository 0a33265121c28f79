// Buckets in both topologies: every method, versions, conditions, signed and public URLs as plain clients use them.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { AwsClient } from "aws4fetch";
import { copyApp } from "./harness/app-copy.mjs";
import { startDev } from "./harness/dev.mjs";
import { eventually } from "./harness/eventually.mjs";

const noCurl = spawnSync("curl", ["--version"]).status === 0 ? false : "there is no curl";

for (const topology of ["single", "per-service"]) {
  describe(topology, () => {
    let copy;
    let app;
    before(async () => {
      copy = await copyApp("conformance/apps/objects");
      app = await startDev(copy.dir, { topology });
    });
    after(async () => {
      await app?.stop();
      await copy.remove();
    });
    const ask = async (path, body) => (await app.request("POST", path, body)).body;

    test("what was uploaded comes back, under any name", async () => {
      for (const name of ["a.txt", "deep/er/b c.txt", "ünï?#&.txt", "..", "a.txt/below"]) {
        const { attrs } = await ask("/put", { name, text: `content of ${name}` });
        assert.equal(attrs.size, Buffer.byteLength(`content of ${name}`));
        const back = await ask("/get", { name });
        assert.equal(back.text, `content of ${name}`);
        assert.equal(back.attrs.contentType, "text/plain");
        assert.equal(back.attrs.etag, attrs.etag);
      }
      assert.equal((await app.request("POST", "/get", { name: "nothing" })).status, 404);
    });

    test("listing goes by prefix and limit, in order of name", async () => {
      for (const name of ["l/2", "l/1", "l/3", "m/1"]) await ask("/put", { name, text: "x" });
      assert.deepEqual((await ask("/list", { prefix: "l/" })).names, ["l/1", "l/2", "l/3"]);
      assert.deepEqual((await ask("/list", { prefix: "l/", limit: 2 })).names, ["l/1", "l/2"]);
    });

    test("an upload can insist on being the first", async () => {
      assert.ok((await ask("/put", { name: "once", text: "1", onlyNew: true })).attrs);
      assert.equal((await app.request("POST", "/put", { name: "once", text: "2", onlyNew: true })).status, 409);
      assert.equal((await ask("/get", { name: "once" })).text, "1");
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, i) =>
          app.request("POST", "/put", { name: "race", text: `${i}`, onlyNew: true }),
        ),
      );
      assert.equal(answers.filter(({ status }) => status === 200).length, 1);
    });

    test("a versioned bucket keeps what was overwritten and removed", async () => {
      const first = await ask("/put", { name: "v", text: "first" });
      await ask("/put", { name: "v", text: "second" });
      assert.equal((await ask("/get", { name: "v" })).text, "second");
      assert.equal((await ask("/get", { name: "v", version: first.attrs.version })).text, "first");
      assert.equal((await ask("/remove", { name: "v" })).exists, false);
      assert.deepEqual((await ask("/list", { prefix: "v" })).names, []);
    });

    test("signed URLs do what they are signed for and nothing else", async () => {
      const { upload, download } = await ask("/links", { name: "from/outside.bin" });
      const put = await fetch(upload, {
        method: "PUT",
        body: "sent by a browser",
        headers: { "content-type": "text/x" },
      });
      assert.equal(put.status, 200);
      const got = await fetch(download);
      assert.equal(got.headers.get("content-type"), "text/x");
      assert.equal(await got.text(), "sent by a browser");
      assert.equal((await fetch(download, { method: "PUT", body: "no" })).status, 403);
      assert.equal((await fetch(upload)).status, 403);
      assert.equal((await fetch(download.replace("outside", "inside"))).status, 403);
      assert.equal((await fetch(download.replace(/expires=\d+/, "expires=9999999999"))).status, 403);
      assert.equal((await fetch(download.split("?")[0])).status, 403);
    });

    test("curl is let in and kept out", { skip: noCurl }, async () => {
      const { upload, download } = await ask("/links", {
        name: "by/curl.txt",
        contentType: "text/plain",
        maxSizeBytes: 20,
      });
      const type = (value) => ["-H", `content-type: ${value}`];
      assert.equal(await curl("-T", "-", upload, ...type("text/html"), { input: "0123456789" }), "403");
      assert.equal(await curl("-T", "-", upload, ...type("text/plain"), { input: "x".repeat(21) }), "413");
      assert.equal(await curl("-T", "-", upload, ...type("text/plain"), { input: "0123456789" }), "200");
      assert.equal(await curl(download), "0123456789 200");
      assert.equal(await curl("-r", "2-4", download), "234 206");
      assert.equal(await curl("-r", "20-", download), "416");
      const { etag } = (await ask("/get", { name: "by/curl.txt" })).attrs;
      assert.equal(await curl("-H", `if-none-match: "${etag}"`, download), "304");
      assert.equal(await curl("-H", 'if-match: "other"', download), "412");
      assert.equal(await curl("-r", "2-4", "-H", 'if-range: "other"', download), "0123456789 200");
      assert.equal(await curl("-r", "2-4", "-H", `if-range: "${etag}"`, download), "234 206");
      assert.match(await curl("-I", download), /^HTTP\/1.1 200 OK\r\n.*content-length: 10\r\n.* 200$/is);
      assert.equal(await curl("-X", "DELETE", download), "405");
      assert.equal(await curl("-T", "-", download, { input: "no" }), "403");
      assert.equal(await curl(download.replace("curl.txt", "curl.tx")), "403");
      assert.equal(await curl(download.replace(/.$/, (last) => (last === "0" ? "1" : "0"))), "403");
      assert.equal(
        await curl(upload.replace("max-size=20", "max-size=21"), "-T", "-", ...type("text/plain"), { input: "1" }),
        "403",
      );
      const brief = (await ask("/links", { name: "by/curl.txt", ttl: 1 })).download;
      await eventually("the URL to expire", async () => (await curl(brief)) === "403");
    });

    test("pages of other origins may use a URL that they were given", async () => {
      const { upload, download } = await ask("/links", { name: "page.txt" });
      const origin = { origin: "https://page.example" };
      const asked = await fetch(upload, {
        method: "OPTIONS",
        headers: {
          ...origin,
          "access-control-request-method": "PUT",
          "access-control-request-headers": "content-type",
        },
      });
      assert.equal(asked.status, 204);
      assert.match(asked.headers.get("access-control-allow-methods"), /PUT/);
      await fetch(upload, { method: "PUT", body: "x", headers: origin });
      const got = await fetch(download, { headers: origin });
      assert.equal(got.headers.get("access-control-allow-origin"), "*");
      assert.match(got.headers.get("access-control-expose-headers"), /etag/);
      assert.equal(got.headers.get("cache-control"), "private, no-cache");
      // A refusal can be read, too.
      assert.equal((await fetch(download.split("?")[0])).headers.get("access-control-allow-origin"), "*");
    });

    test("what was uploaded as a page does not run as one of the app's", async () => {
      const { url } = await ask("/picture", { name: "page.html", contentType: "text/html" });
      const got = await fetch(url);
      assert.match(got.headers.get("content-security-policy"), /sandbox/);
      assert.equal(got.headers.get("x-content-type-options"), "nosniff");
    });

    test("bytes stream through an endpoint into the bucket, out of it, and can be copied", async () => {
      const bytes = randomBytes(3_000_000);
      const put = await fetch(`${app.gateway}/stream/big`, { method: "PUT", body: bytes });
      assert.equal((await put.json()).size, bytes.length);
      const got = await fetch(`${app.gateway}/stream/big`);
      assert.deepEqual(Buffer.from(await got.arrayBuffer()), bytes);
      const { attrs } = await ask("/copy", { from: "big", to: "copies/one" });
      assert.deepEqual(
        [attrs.size, attrs.contentType, attrs.metadata],
        [bytes.length, "text/copied", { by: "stream" }],
      );
      await ask("/copy", { from: "big", to: "copies/deep/two" });
      assert.deepEqual((await ask("/folders", { prefix: "copies/" })).found, ["copies/deep/", "copies/one"]);
    });

    test("tools of S3 reach the same objects", async () => {
      const { endpoint, credentialsFile } = app.ready.objects;
      const { accessKeyId, secretAccessKey } = JSON.parse(await readFile(credentialsFile, "utf8"));
      const tool = new AwsClient({ accessKeyId, secretAccessKey, service: "s3", region: "us-east-1" });
      await ask("/put", { name: "shared/with tools", text: "by the app" });
      const got = await tool.fetch(`${endpoint}/files/shared/with%20tools`);
      assert.equal(await got.text(), "by the app");
      const put = await tool.fetch(`${endpoint}/files/shared/with%20tools`, { method: "PUT", body: "by the tool" });
      assert.equal(put.status, 200);
      assert.equal((await ask("/get", { name: "shared/with tools" })).text, "by the tool");
      assert.equal((await fetch(`${endpoint}/files/shared/with%20tools`)).status, 403);
      if (process.platform !== "win32") assert.equal((await stat(credentialsFile)).mode & 0o077, 0);
    });

    test("objects of a public bucket have a URL for everybody, to read", async () => {
      const { url } = await ask("/picture", { name: "cats/one.png" });
      const got = await fetch(url);
      assert.equal(got.headers.get("content-type"), "image/png");
      assert.equal((await got.arrayBuffer()).byteLength, 4);
      assert.equal((await fetch(url, { method: "PUT", body: "no" })).status, 403);
      assert.equal((await fetch(`${url}x`)).status, 404);
    });
  });
}

/** What curl prints, and behind it the status; of a refusal the status alone. */
async function curl(...args) {
  const { input = "" } = typeof args.at(-1) === "object" ? args.pop() : {};
  const child = spawn("curl", ["-s", "-w", " %{http_code}", ...args]);
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  const parts = [];
  for await (const part of child.stdout) parts.push(part);
  const text = Buffer.concat(parts).toString("latin1");
  const status = text.slice(-3);
  return Number(status) < 300 ? text.trim() : status;
}
