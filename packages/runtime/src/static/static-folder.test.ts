// Folders of files without a server: what is found, what never is, and the answers to conditions, ranges and codings.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { brotliDecompressSync, gunzipSync, gzipSync } from "node:zlib";
import { Readable } from "node:stream";
import type { Endpoint, StaticFiles } from "@tenon/model";
import type { OutgoingResponse } from "../call/exchange.ts";
import { createStaticFolder } from "./static-folder.ts";

const SECRET = "this must never be served";
const LONG = "a text that compresses well ".repeat(500);
let dir: string;

before(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), "tenon-static-")));
  const write = (path: string, text: string | Buffer) => {
    mkdirSync(join(dir, path, ".."), { recursive: true });
    writeFileSync(join(dir, path), text);
  };
  write("secret.txt", SECRET);
  write("public-not/secret.txt", SECRET);
  write("public/index.html", "<h1>home</h1>");
  write("public/docs/index.html", "<h1>docs</h1>");
  write("public/empty/only.txt", "only");
  write("public/nothing.txt", "");
  write("public/app.js", LONG);
  write("public/app.js.br", "made by a build tool, as brotli");
  write("public/old.js", LONG);
  write("public/old.js.gz", gzipSync("of an earlier version"));
  write("public/long.txt", LONG);
  write("public/photo.png", LONG);
  write("public/grüße ok.txt", "grüße");
  write("public/.env", SECRET);
  write("public/.git/config", SECRET);
  write("public/.well-known/security.txt", "contact");
  write("public/large.bin", Buffer.alloc(300_000, 7));
  symlinkSync(join(dir, "secret.txt"), join(dir, "public/link.txt"));
  symlinkSync(dir, join(dir, "public/up"));
  symlinkSync(join(dir, "public/long.txt"), join(dir, "public/inside.txt"));
  symlinkSync("nowhere", join(dir, "public/dangling"));
  const past = new Date("2020-01-01T00:00:00.500Z");
  for (const path of ["old.js.gz", "long.txt"]) utimesSync(join(dir, "public", path), past, past);
});
after(() => rmSync(dir, { recursive: true, force: true }));

interface Reply {
  readonly status: number;
  readonly headers: OutgoingResponse["headers"];
  readonly bytes: Buffer;
}

function folder(over: Partial<StaticFiles> = {}, auth = false) {
  const files: StaticFiles = { directory: "public", notFoundStatus: 404, headers: {}, ...over };
  const serve = createStaticFolder({ static: files, auth } as Endpoint, dir);
  return async (rest: string, headers: Record<string, string> = {}, method = "GET"): Promise<Reply> => {
    const response = await serve({ method, path: `/${rest}`, query: "q=1", headers, rest });
    const { body } = response;
    const bytes = body instanceof Readable ? Buffer.concat(await body.toArray()) : Buffer.from((body ?? "") as string);
    return { status: response.status, headers: response.headers, bytes };
  };
}

async function statusOf(reply: Promise<Reply>): Promise<number> {
  return (await reply.catch((error: { status: number }) => error)).status;
}

describe("finding", () => {
  test("files, with their types and the pages of folders", async () => {
    const get = folder();
    const page = await get("");
    assert.deepEqual([page.status, String(page.bytes)], [200, "<h1>home</h1>"]);
    assert.equal(page.headers["content-type"], "text/html; charset=utf-8");
    assert.equal(page.headers["cache-control"], "no-cache");
    assert.equal(String((await get("docs/")).bytes), "<h1>docs</h1>");
    assert.equal(String((await get("grüße ok.txt")).bytes), "grüße");
    assert.equal(String((await get("inside.txt")).bytes), LONG);
    assert.equal(String((await get(".well-known/security.txt")).bytes), "contact");
    const large = await get("large.bin");
    assert.deepEqual([large.bytes.length, large.headers["content-type"]], [300_000, "application/octet-stream"]);
    const empty = await get("nothing.txt");
    assert.deepEqual([empty.status, empty.headers["content-length"], empty.bytes.length], [200, "0", 0]);
  });

  test("a folder with a page is answered from behind its slash, one without is nothing", async () => {
    const get = folder();
    const found = await get("docs");
    assert.deepEqual([found.status, found.headers["location"]], [307, "docs/?q=1"]);
    assert.equal(await statusOf(get("empty")), 404);
    assert.equal(await statusOf(get("empty/")), 404);
    assert.equal(await statusOf(get("long.txt/")), 404);
  });

  test("a page stands in for what is not there, with its own status and without conditions", async () => {
    const get = folder({ notFound: "public/docs/index.html" });
    const reply = await get("missing", { "if-none-match": "*", range: "bytes=0-1" });
    assert.deepEqual([reply.status, String(reply.bytes)], [404, "<h1>docs</h1>"]);
    const app = folder({ notFound: "public/index.html", notFoundStatus: 200 });
    const routed = await app("orders/7");
    assert.deepEqual([routed.status, String(routed.bytes)], [200, "<h1>home</h1>"]);
    assert.equal((await app("orders/8", { "if-none-match": routed.headers["etag"] as string })).status, 304);
    assert.equal(await statusOf(folder({ notFound: "public/gone.html" })("missing")), 404);
  });

  test("a folder that is not there yet, and one that comes later", async () => {
    const get = folder({ directory: "later" });
    assert.equal(await statusOf(get("")), 404);
    mkdirSync(join(dir, "later"));
    writeFileSync(join(dir, "later/index.html"), "here now");
    assert.equal(String((await get("")).bytes), "here now");
    writeFileSync(join(dir, "later/index.html"), "edited since");
    assert.equal(String((await get("")).bytes), "edited since");
  });

  test("headers of the declaration win, and answers for some are no public ones", async () => {
    const get = folder({ headers: { "cache-control": "public, max-age=60", "x-own": "1" } });
    const reply = await get("app.js");
    assert.deepEqual([reply.headers["cache-control"], reply.headers["x-own"]], ["public, max-age=60", "1"]);
    assert.equal((await folder({}, true)("app.js")).headers["cache-control"], "private, no-cache");
  });
});

describe("staying inside", () => {
  const wrong = [
    "..",
    "../secret.txt",
    "docs/../../secret.txt",
    "./index.html",
    "/etc/passwd",
    "//etc/passwd",
    "docs//index.html",
    "up/secret.txt",
    "up",
    "link.txt",
    "dangling",
    "..\\secret.txt",
    "docs\\index.html",
    "index.html\0.txt",
    "\0",
    ".env",
    ".git/config",
    "docs/.hidden",
    ".well-known/../../secret.txt",
    "..%2fsecret.txt",
    "%2e%2e/secret.txt",
    "../public-not/secret.txt",
    `${"a".repeat(5000)}`,
    "a/".repeat(3000),
  ];
  for (const rest of wrong) {
    test(JSON.stringify(rest.slice(0, 40)), async () => assert.equal(await statusOf(folder()(rest)), 404));
  }

  test("10,000 paths made of dangerous pieces", async (t) => {
    const pieces = [
      "..",
      ".",
      "",
      "/",
      "\\",
      "%2e%2e",
      "%2f",
      "\0",
      "secret.txt",
      "public",
      "public-not",
      "up",
      "link.txt",
      "docs",
      "index.html",
      "C:",
      "~",
      "....",
      "..;",
      "．．",
      dir,
    ];
    const get = folder();
    let seed = Number(process.env["TENON_SEED"] ?? Date.now() % 2 ** 31);
    t.diagnostic(`TENON_SEED=${seed}`);
    const random = (below: number) => {
      seed = (seed * 48271) % 2147483647;
      return seed % below;
    };
    for (let round = 0; round < 10_000; round++) {
      const parts = Array.from({ length: 1 + random(6) }, () => pieces[random(pieces.length)]!);
      const rest = parts.join(random(2) === 0 ? "/" : "");
      const reply = await get(rest).catch(() => undefined);
      assert.ok(!reply?.bytes.includes(SECRET), JSON.stringify(rest));
    }
  });
});

describe("conditions", () => {
  test("an entity tag is the content's, a date is whole seconds", async () => {
    const get = folder();
    const { headers } = await get("long.txt");
    const etag = headers["etag"] as string;
    assert.match(etag, /^"[\w-]{27}"$/);
    assert.equal((await get("inside.txt")).headers["etag"], etag);
    assert.equal(headers["last-modified"], "Wed, 01 Jan 2020 00:00:00 GMT");
    const status = async (conditions: Record<string, string>) => (await get("long.txt", conditions)).status;
    assert.equal(await status({ "if-none-match": etag }), 304);
    assert.equal(await status({ "if-none-match": `"x", W/${etag}` }), 304);
    assert.equal(await status({ "if-none-match": "*" }), 304);
    assert.equal(await status({ "if-none-match": '"x"' }), 200);
    assert.equal(await status({ "if-modified-since": "Wed, 01 Jan 2020 00:00:00 GMT" }), 304);
    assert.equal(await status({ "if-modified-since": "Tue, 31 Dec 2019 23:59:59 GMT" }), 200);
    assert.equal(await status({ "if-modified-since": "no date" }), 200);
    assert.equal(await status({ "if-none-match": '"x"', "if-modified-since": "Wed, 01 Jan 2020 00:00:00 GMT" }), 200);
    assert.equal(await status({ "if-match": '"x"' }), 412);
    assert.equal(await status({ "if-match": etag }), 200);
    assert.equal(await status({ "if-unmodified-since": "Tue, 31 Dec 2019 23:59:59 GMT" }), 412);
    const same = await get("long.txt", { "if-none-match": etag });
    assert.deepEqual([same.headers["etag"], same.headers["content-type"], same.bytes.length], [etag, undefined, 0]);
  });
});

describe("ranges", () => {
  const size = LONG.length;
  const cases: [range: string, status: number, text: string | undefined, contentRange: string | undefined][] = [
    ["bytes=0-3", 206, LONG.slice(0, 4), `bytes 0-3/${size}`],
    ["bytes=5-", 206, LONG.slice(5), `bytes 5-${size - 1}/${size}`],
    ["bytes=-4", 206, LONG.slice(-4), `bytes ${size - 4}-${size - 1}/${size}`],
    [`bytes=-${size + 5}`, 206, LONG, `bytes 0-${size - 1}/${size}`],
    [`bytes=10-${size + 5}`, 206, LONG.slice(10), `bytes 10-${size - 1}/${size}`],
    ["BYTES=0-0", 206, LONG[0], `bytes 0-0/${size}`],
    [`bytes=${size}-`, 416, "", `bytes */${size}`],
    ["bytes=-0", 416, "", `bytes */${size}`],
    ["bytes=3-1", 200, LONG, undefined],
    ["bytes=0-1,3-4", 200, LONG, undefined],
    ["bytes=a-b", 200, LONG, undefined],
    ["bytes=-", 200, LONG, undefined],
    ["items=0-1", 200, LONG, undefined],
  ];
  for (const [range, status, text, contentRange] of cases) {
    test(range, async () => {
      const reply = await folder()("long.txt", { range, "accept-encoding": "br, gzip" });
      assert.deepEqual(
        [reply.status, String(reply.bytes), reply.headers["content-range"]],
        [status, text, contentRange],
      );
      assert.equal(reply.headers["content-encoding"], undefined);
    });
  }

  test("of what has changed since, the whole; of what a compressed form was, too; for HEAD, never a part", async () => {
    const get = folder();
    const { headers } = await get("long.txt");
    const range = { range: "bytes=0-3" };
    assert.equal((await get("long.txt", { ...range, "if-range": headers["etag"] as string })).status, 206);
    assert.equal((await get("long.txt", { ...range, "if-range": headers["last-modified"] as string })).status, 206);
    assert.equal((await get("long.txt", { ...range, "if-range": '"x"' })).status, 200);
    assert.equal((await get("long.txt", { ...range, "if-range": `W/${headers["etag"]}` })).status, 200);
    const zipped = await get("long.txt", { "accept-encoding": "gzip" });
    assert.equal((await get("long.txt", { ...range, "if-range": zipped.headers["etag"] as string })).status, 200);
    const head = await get("long.txt", range, "HEAD");
    assert.deepEqual([head.status, head.headers["content-length"], head.bytes.length], [200, String(size), 0]);
  });
});

describe("codings", () => {
  const get = (rest: string, accept: string) => folder()(rest, { "accept-encoding": accept });

  test("what the client prefers, else brotli, made once and kept", async () => {
    const br = await get("long.txt", "gzip, deflate, br");
    assert.deepEqual([br.headers["content-encoding"], br.headers["vary"]], ["br", "accept-encoding"]);
    assert.equal(String(brotliDecompressSync(br.bytes)), LONG);
    const gzip = await get("long.txt", "br;q=0.5, gzip");
    assert.equal(gzip.headers["content-encoding"], "gzip");
    assert.equal(String(gunzipSync(gzip.bytes)), LONG);
    assert.equal((await get("long.txt", "*")).headers["content-encoding"], "br");
    assert.equal((await get("long.txt", "br;q=0, gzip;q=0, *")).headers["content-encoding"], undefined);
    assert.equal((await get("long.txt", "identity")).headers["content-encoding"], undefined);
    const etags = new Set([br, gzip, await get("long.txt", "")].map(({ headers }) => headers["etag"]));
    assert.equal(etags.size, 3);
    assert.equal(
      (await folder()("long.txt", { "accept-encoding": "br", "if-none-match": br.headers["etag"] as string })).status,
      304,
    );
  });

  test("a form that lies beside the file is taken, unless it is older", async () => {
    const beside = await get("app.js", "br, gzip");
    assert.deepEqual(
      [beside.headers["content-encoding"], String(beside.bytes)],
      ["br", "made by a build tool, as brotli"],
    );
    assert.equal(beside.headers["content-type"], "text/javascript; charset=utf-8");
    assert.equal(String(gunzipSync((await get("old.js", "gzip")).bytes)), LONG);
  });

  test("what gains nothing stays as it is", async () => {
    assert.equal((await get("photo.png", "br, gzip")).headers["content-encoding"], undefined);
    assert.equal((await get("photo.png", "br, gzip")).headers["vary"], undefined);
    assert.equal((await get("index.html", "br, gzip")).headers["content-encoding"], undefined);
  });

  test("at once by many", async () => {
    const replies = await Promise.all(Array.from({ length: 20 }, () => get("old.js", "br")));
    for (const reply of replies) assert.equal(String(brotliDecompressSync(reply.bytes)), LONG);
  });
});
