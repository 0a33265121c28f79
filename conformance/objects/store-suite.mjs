// What every store of objects must do, as user code sees it. Each test uses names of its own, so that a store may keep what was there.
import assert from "node:assert/strict";
import { createHash, randomBytes, randomUUID } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { Readable } from "node:stream";
import { crc32 } from "node:zlib";
import { Bucket } from "tenon/storage/objects";

const MiB = 1024 * 1024;
const plainPut = { headers: {}, status: 200 };

/**
 * `open` makes the buckets `plain`, `kept` (versioned) and `open` (public) usable in this process and gives what ends that again. What a store
 * cannot do by its own nature is named in `cannot`, with the reason.
 * @param {string} name
 * @param {() => Promise<{ close(): Promise<void> }>} open
 * `signedPut`: what an upload by a signed URL has to have, and what answers it.
 * @param {{ cannot?: Partial<Record<Inability, string>>, skip?: string | false, signedPut?: { headers: object, status: number } }} [options]
 * @typedef {"oddNames" | "limitUploads" | "bindTypes" | "keepVersions" | "checkSignatures" | "insistOnCopies" | "controlCharacters" | "removeVersions"} Inability
 */
export function describeStore(name, open, { cannot = {}, skip = false, signedPut = plainPut } = {}) {
  describe(name, { skip }, () => {
    let opened;
    const plain = new Bucket("plain");
    const kept = new Bucket("kept");
    const visible = new Bucket("open");
    before(async () => {
      opened = await open();
    });
    after(() => opened?.close());

    test("what was uploaded comes back, whatever it came as", async () => {
      const text = `gr${"ü".repeat(10)}ße`;
      const bytes = Buffer.from(text);
      const forms = {
        text,
        buffer: bytes,
        array: new Uint8Array(bytes),
        "array buffer": new Uint8Array(bytes).buffer,
        blob: new Blob([bytes]),
        "web stream": new Blob([bytes]).stream(),
        "node stream": Readable.from([bytes.subarray(0, 3), bytes.subarray(3)]),
        generator: pieces(bytes, 4),
      };
      for (const [form, data] of Object.entries(forms)) {
        const attrs = await plain.upload(`forms/${form}`, data, { contentType: "text/plain" });
        assert.equal(attrs.size, bytes.length, form);
        assert.deepEqual(await plain.download(`forms/${form}`), bytes, form);
        const seen = await plain.attrs(`forms/${form}`);
        assert.equal(seen.etag, attrs.etag);
        assert.equal(seen.contentType, "text/plain");
        assert.ok(Math.abs(seen.lastModified.getTime() - Date.now()) < 600_000);
      }
      await assert.rejects(plain.upload("forms/wrong", Readable.from([{ no: "bytes" }])), {
        code: "objects_argument_invalid",
      });
      await assert.rejects(plain.upload("forms/wrong", 5), { code: "objects_argument_invalid" });
      assert.equal(await plain.exists("forms/wrong"), false);
    });

    test("no bytes at all are an object, too", async () => {
      assert.equal((await plain.upload("empty", "")).size, 0);
      assert.equal((await plain.download("empty")).length, 0);
      const { body, attrs } = await plain.openDownload("empty");
      assert.equal((await collect(body)).length, 0);
      assert.equal(attrs.size, 0);
    });

    test("any name is a name", async () => {
      const odd = cannot.oddNames === undefined ? ["a/../b", "./c", "d//e", "/f", "n\\o"] : [];
      const unprintable = cannot.controlCharacters === undefined ? ["p\u0001q"] : [];
      const names = [...odd, ...unprintable, "a b", "a+b", "a%20b", "ü/😀", "g?h=i#j", "k&l='m'", "~!*()"];
      for (const name of names) await plain.upload(`names/${name}`, name);
      for (const name of names) assert.equal((await plain.download(`names/${name}`)).toString(), name);
      const listed = [];
      for await (const entry of plain.list({ prefix: "names/" })) listed.push(entry.name.slice("names/".length));
      assert.deepEqual(listed.sort(), names.sort());
      for (const wrong of ["", "x".repeat(1025), "a\0b", "half \ud800"])
        await assert.rejects(plain.upload(wrong, "x"), { code: "objects_name_invalid" });
    });

    test("what is not there is ObjectNotFound, and may be removed", async () => {
      const missing = { name: "ObjectNotFound", code: "objects_not_found" };
      await assert.rejects(plain.download("missing"), missing);
      await assert.rejects(plain.openDownload("missing"), missing);
      await assert.rejects(plain.attrs("missing"), missing);
      await assert.rejects(plain.copy("missing", "copy"), missing);
      await plain.remove("missing");
      await plain.upload("there", "x");
      await plain.remove("there");
      assert.equal(await plain.exists("there"), false);
    });

    test("ranges give these bytes and no others", async () => {
      await plain.upload("range", "0123456789");
      const read = async (range) => (await plain.download("range", { range })).toString();
      assert.equal(await read({ offset: 2, length: 3 }), "234");
      assert.equal(await read({ offset: 7 }), "789");
      assert.equal(await read({ offset: 7, length: 100 }), "789");
      assert.equal(await read({ suffixLength: 2 }), "89");
      assert.equal(await read({ suffixLength: 100 }), "0123456789");
      const { attrs, range } = await plain.openDownload("range", { range: { offset: 3, length: 1 } }).then(drained);
      assert.equal(attrs.size, 10);
      assert.deepEqual(range, { start: 3, end: 3 });
      await assert.rejects(read({ offset: 10 }), { name: "RangeNotSatisfiable" });
      for (const wrong of [{ offset: -1 }, { offset: 0, length: 0 }, { suffixLength: 0 }, { offset: 0.5 }])
        await assert.rejects(read(wrong), { code: "objects_argument_invalid" });
    });

    test("metadata and headers come back", async () => {
      const metadata = { author: "Zoë 😀", "page.count": "12", plain: "=?no word" };
      const headers = {
        contentType: "text/csv",
        cacheControl: "max-age=60",
        contentDisposition: 'attachment; filename="a.csv"',
      };
      await plain.upload("described", "a,b", { ...headers, metadata });
      const attrs = await plain.attrs("described");
      assert.deepEqual(attrs.metadata, metadata);
      for (const [name, value] of Object.entries(headers)) assert.equal(attrs[name], value);
      const wrong = [{ Upper: "x" }, { a: "line\nbreak" }, { a: "x".repeat(2048) }, { "tenon-x": "x" }, { a: " x" }];
      for (const one of wrong)
        await assert.rejects(plain.upload("described", "x", { metadata: one }), { code: "objects_argument_invalid" });
      assert.equal((await plain.download("described")).toString(), "a,b");
    });

    test("an upload that insists on being the first is it, or nothing", async () => {
      const name = `first/${randomUUID()}`;
      const preconditions = { notExists: true };
      const outcomes = await Promise.allSettled(
        Array.from({ length: 8 }, (_, i) => plain.upload(name, `${i}`, { preconditions })),
      );
      const won = outcomes.flatMap(({ status }, i) => (status === "fulfilled" ? [i] : []));
      assert.equal(won.length, 1);
      for (const { status, reason } of outcomes)
        if (status === "rejected") assert.equal(reason.name, "PreconditionFailed");
      assert.equal((await plain.download(name)).toString(), `${won[0]}`);
    });

    test("an upload that insists on what it has seen replaces that alone", async () => {
      const { etag } = await plain.upload("seen", "1");
      const next = await plain.upload("seen", "2", { preconditions: { ifMatch: etag } });
      await assert.rejects(plain.upload("seen", "3", { preconditions: { ifMatch: etag } }), {
        name: "PreconditionFailed",
      });
      assert.equal((await plain.download("seen")).toString(), "2");
      await plain.remove("seen");
      const late = plain.upload("seen", "4", { preconditions: { ifMatch: next.etag } });
      await assert.rejects(late, { name: "PreconditionFailed" });
      assert.equal(await plain.exists("seen"), false);
      const both = plain.upload("seen", "5", { preconditions: { ifMatch: etag, notExists: true } });
      await assert.rejects(both, { code: "objects_argument_invalid" });
    });

    test("a wrong checksum leaves nothing, a right one is kept", async () => {
      for (const size of [10, 9 * MiB]) {
        const bytes = randomBytes(size);
        const checksum = { sha256: sha256(bytes), crc32: crc32Text(bytes) };
        for (const wrong of [{ sha256: sha256("other") }, { crc32: crc32Text("other") }]) {
          await assert.rejects(plain.upload(`sum/${size}`, pieces(bytes, MiB), { checksum: wrong }), {
            name: "ChecksumMismatch",
          });
          assert.equal(await plain.exists(`sum/${size}`), false);
        }
        await plain.upload(`sum/${size}`, pieces(bytes, MiB), { checksum });
        assert.deepEqual((await plain.attrs(`sum/${size}`)).checksum, checksum);
        assert.deepEqual(await plain.download(`sum/${size}`), bytes);
      }
      await assert.rejects(plain.upload("sum", "x", { checksum: { sha256: "short" } }), {
        code: "objects_argument_invalid",
      });
    });

    test("a large stream goes through in pieces and comes back the same", async () => {
      const bytes = randomBytes(20 * MiB + 17);
      const attrs = await plain.upload("large", pieces(bytes, 100_003), { contentType: "application/x-large" });
      assert.equal(attrs.size, bytes.length);
      const { body, attrs: seen } = await plain.openDownload("large");
      assert.equal(seen.etag, attrs.etag);
      assert.equal(seen.contentType, "application/x-large");
      assert.deepEqual(await collect(body), bytes);
      const middle = await plain.download("large", { range: { offset: 9 * MiB, length: 5 } });
      assert.deepEqual(middle, bytes.subarray(9 * MiB, 9 * MiB + 5));
    });

    test("a stream that fails leaves nothing, and its error comes out", async () => {
      for (const before of [10, 18 * MiB]) {
        const failing = (async function* () {
          yield Buffer.alloc(before);
          throw new RangeError("the source is gone");
        })();
        await assert.rejects(plain.upload(`failing/${before}`, failing), {
          name: "RangeError",
          message: "the source is gone",
        });
        assert.equal(await plain.exists(`failing/${before}`), false);
      }
    });

    test("an upload ends when its signal does, also while it waits for its source", async () => {
      const stop = new AbortController();
      const stuck = (async function* () {
        yield Buffer.alloc(10);
        setImmediate(() => stop.abort(new Error("enough")));
        await new Promise(() => {});
      })();
      await assert.rejects(plain.upload("stuck", stuck, { signal: stop.signal }), { message: "enough" });
      assert.equal(await plain.exists("stuck"), false);
    });

    test("copies have what the object has, or what they are given", async () => {
      await plain.upload("from", "content", { contentType: "text/plain", metadata: { a: "1" } });
      await plain.copy("from", "to/same");
      const same = await plain.attrs("to/same");
      assert.deepEqual([same.contentType, same.metadata], ["text/plain", { a: "1" }]);
      const given = await plain.copy("from", "to/other", { contentType: "text/x", metadata: { b: "2" } });
      const other = await plain.attrs("to/other");
      assert.equal(given.etag, other.etag);
      assert.deepEqual([other.contentType, other.metadata], ["text/x", { b: "2" }]);
      assert.equal((await plain.download("to/other")).toString(), "content");
    });

    test("copies can insist as uploads can", { skip: cannot.insistOnCopies ?? false }, async () => {
      await plain.upload("from-here", "content");
      await plain.upload("to-there", "before");
      await assert.rejects(plain.copy("from-here", "to-there", { preconditions: { notExists: true } }), {
        name: "PreconditionFailed",
      });
      assert.equal((await plain.download("to-there")).toString(), "before");
    });

    test("listings have a prefix, a limit, a start and folders", async () => {
      const names = ["list/a", "list/b/1", "list/b/2", "list/c", "list/d/e/f", "list/～", "list/\u{1f600}"];
      for (const name of names) await plain.upload(name, "x");
      const list = async (options) => {
        const found = [];
        for await (const entry of plain.list({ prefix: "list/", ...options }))
          found.push("prefix" in entry ? `[${entry.prefix}]` : entry.name);
        return found.map((name) => name.replace("list/", ""));
      };
      assert.deepEqual(await list({}), ["a", "b/1", "b/2", "c", "d/e/f", "～", "\u{1f600}"]);
      assert.deepEqual(await list({ limit: 2 }), ["a", "b/1"]);
      assert.deepEqual(await list({ limit: 0 }), []);
      assert.deepEqual(await list({ startAfter: "list/b/2", limit: 2 }), ["c", "d/e/f"]);
      assert.deepEqual(await list({ delimiter: "/" }), ["a", "[b/]", "c", "[d/]", "～", "\u{1f600}"]);
      assert.deepEqual(await list({ delimiter: "/", limit: 2 }), ["a", "[b/]"]);
      assert.deepEqual(await list({ delimiter: "/", startAfter: "list/b/" }), ["c", "[d/]", "～", "\u{1f600}"]);
      for await (const entry of plain.list({ prefix: "list/a" })) {
        assert.equal(entry.size, 1);
        assert.equal(entry.etag, (await plain.attrs("list/a")).etag);
      }
      await assert.rejects(plain.list({ limit: -1 }).next(), { code: "objects_argument_invalid" });
    });

    test("versions are kept where they are wanted", { skip: cannot.keepVersions ?? false }, async () => {
      const first = await kept.upload("v", "first");
      const second = await kept.upload("v", "second");
      assert.notEqual(first.version, second.version);
      const read = async (version) => (await kept.download("v", { version })).toString();
      assert.deepEqual([await read(first.version), await read(second.version)], ["first", "second"]);
      const { url } = await kept.signedDownloadUrl("v", { version: first.version });
      assert.equal(await (await fetch(url)).text(), "first");
      const other = url.replace(encodeURIComponent(first.version), encodeURIComponent(second.version));
      if (cannot.checkSignatures === undefined) assert.equal((await fetch(other)).status, 403);
      await kept.copy("v", "old", { version: first.version });
      assert.equal((await kept.download("old")).toString(), "first");
      await kept.remove("v");
      assert.equal(await kept.exists("v"), false);
      assert.equal(await read(second.version), "second");
      assert.equal(await kept.exists("v", { version: first.version }), true);
      await kept.remove("v", { version: first.version });
      if (cannot.removeVersions === undefined) await assert.rejects(read(first.version), { name: "ObjectNotFound" });
      await assert.rejects(read("no version"), { name: "ObjectNotFound" });
    });

    test("signed URLs work for anybody", async () => {
      const name = `signed/ü ${randomUUID()}/${cannot.oddNames === undefined ? "../" : ""}x`;
      const { url } = await plain.signedUploadUrl(name, { ttl: 60 });
      const headers = { "content-type": "text/x", ...signedPut.headers };
      const put = await fetch(url, { method: "PUT", body: "from outside", headers });
      assert.equal(put.status, signedPut.status, await put.text());
      const got = await fetch((await plain.signedDownloadUrl(name)).url);
      assert.equal(await got.text(), "from outside");
      assert.equal(got.headers.get("content-type"), "text/x");
      for (const ttl of [0, 0.5, 604_801])
        await assert.rejects(plain.signedUploadUrl(name, { ttl }), { code: "objects_argument_invalid" });
    });

    test("a signed upload can be bound to a content type", async () => {
      const asked = plain.signedUploadUrl("bound", { contentType: "image/png" });
      if (cannot.bindTypes !== undefined) {
        await assert.rejects(asked, { code: "objects_unsupported" });
        return;
      }
      const { url } = await asked;
      const put = (type) => fetch(url, { method: "PUT", body: "x", headers: { "content-type": type } });
      if (cannot.checkSignatures === undefined) {
        assert.equal((await put("text/html")).status, 403);
        assert.equal(await plain.exists("bound"), false);
      }
      assert.equal((await put("image/png")).status, 200);
    });

    test("a signed upload can be bound to a size", async () => {
      const asked = plain.signedUploadUrl("sized", { maxSizeBytes: 10 });
      if (cannot.limitUploads !== undefined) {
        await assert.rejects(asked, { code: "objects_unsupported" });
        return;
      }
      const { url } = await asked;
      assert.equal((await fetch(url, { method: "PUT", body: "x".repeat(11) })).status, 413);
      const chunked = Readable.toWeb(Readable.from(["x".repeat(6), "x".repeat(6)]));
      assert.equal((await fetch(url, { method: "PUT", body: chunked, duplex: "half" })).status, 413);
      assert.equal(await plain.exists("sized"), false);
      assert.equal((await fetch(url, { method: "PUT", body: "x".repeat(10) })).status, 200);
    });

    test("only a public bucket has public URLs", async () => {
      assert.throws(() => plain.publicUrl("x"), { code: "objects_not_public" });
      await visible.upload("pic ture.png", "png", { contentType: "image/png" });
      assert.match(visible.publicUrl("pic ture.png"), /pic%20ture\.png$/);
    });
  });
}

async function* pieces(bytes, length) {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

async function collect(body) {
  const parts = [];
  for await (const part of body) parts.push(part);
  return Buffer.concat(parts);
}

async function drained(download) {
  await collect(download.body);
  return download;
}

function sha256(data) {
  return createHash("sha256").update(data).digest("base64");
}

function crc32Text(data) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(data));
  return bytes.toString("base64");
}
