// Buckets in both topologies: every method, versions, conditions, signed and public URLs as plain clients use them.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { copyApp } from "./harness/app-copy.mjs";
import { startDev } from "./harness/dev.mjs";

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
