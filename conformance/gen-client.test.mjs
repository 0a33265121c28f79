// The generated client, run against the live app: the same calls in Node and in Chromium, where the page is of another origin.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import WebSocket from "ws";
import { callLibrary } from "./clients/call-library.mjs";
import { copyApp } from "./harness/app-copy.mjs";
import { startDev } from "./harness/dev.mjs";
import { root, runTenon } from "./harness/tenon.mjs";

const browserPath = process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium";
const slowly = {
  status: 0,
  code: "deadline_exceeded",
  message: "there was no answer within 50 ms",
  details: null,
  hasRequestId: false,
};
const notFound = {
  status: 404,
  code: "not_found",
  message: "there is no such book",
  details: { shelf: 7 },
  hasRequestId: true,
};
const notYet = { status: 503, code: "unavailable", message: "not yet", details: null, hasRequestId: true };

const book = {
  id: "1208925819614629174706176n",
  title: "Grüße 世界",
  published: "Date 1979-10-12T00:00:00.000Z",
  cover: "bytes 0,1,254,255",
  link: "URL https://example.org/a%20b?c=d#e",
  genres: { set: ["b", "a"] },
  copies: { map: [["north", 2]] },
  loans: { map: [[7, "Date 1970-01-01T00:00:00.000Z"]] },
  edition: { kind: "first", signedAt: "Date 1970-01-01T00:00:00.001Z" },
  returned: "never",
};
const found = {
  shelf: "a/b c",
  number: 2,
  words: ["a&b", "c d"],
  since: "Date 1970-01-01T00:00:00.005Z",
  language: "de",
  limit: 3,
  sinceMs: 5,
};

const at = (ms) => `Date ${new Date(ms).toISOString()}`;
const event = (n) => ({ data: { at: at(n) }, event: "book", id: String(n) });
const failed = (status, code, message) => ({ status, code, message, details: null, hasRequestId: false });
const unknown = (message) => ({ ...failed(401, "unauthenticated", message), hasRequestId: true });

const expected = {
  "every kind of value": {
    book: {
      ...book,
      parts: [
        {
          ...book,
          link: null,
          loans: { map: [] },
          edition: { kind: "later", number: 2 },
          returned: "Date 1970-01-01T00:00:00.002Z",
        },
      ],
    },
  },
  "fields in one object": found,
  "parameters of the path one by one": found,
  "optional fields left out": { shelf: "x", number: 0, words: [], sinceMs: null, language: "en" },
  "a rest of the path": { path: "a/b c/d?" },
  "a rest of the path as a list": { path: "a/b c/d?" },
  "fields in headers of the answer": { id: "7", tag: "tag of 7", at: "Date 1970-01-01T00:00:00.000Z", left: 3 },
  nothing: "undefined",
  "an error with details": notFound,
  "a method without its object": notFound,
  "retried until it works": "number",
  "not retried when told so": notYet,
  "not retried when it could do it twice": notYet,
  "too slow": slowly,
  "too slow for the whole client": slowly,
  aborted: "threw changed my mind",
  "aborted on the way": "threw changed my mind",
  "nobody there": { status: 0, code: "unavailable", message: "no connection", details: null, hasRequestId: false },
  "by a token": { userID: "reader" },
  "by parameters from a function": { userID: "reader" },
  "by nobody": unknown("library.me answers authenticated callers only"),
  "by nobody of that name": unknown("nobody of that name"),
  "a status, and a cookie that stays with the browser": { by: "me", before: 0, status: 201 },
  decimals: { total: "0.3" },
  "messages both ways": [
    { text: "one", at: at(1), room: "a b", token: "t" },
    { text: "two", at: at(2), room: "a b", token: "t" },
  ],
  "a stream that fails": { ...failed(403, "permission_denied", "not in here") },
  "a stream that is left": { at: at(0) },
  "a stream to its end": true,
  "what a stream answers": { bytes: 3000 },
  "a stream to nobody": failed(0, "unavailable", "no connection"),
  events: [event(1), event(2), event(3)],
  "events behind the last one": [event(3)],
  lines: [{ at: at(0) }, { at: at(1) }],
  "lines that fail": failed(0, "data_loss", "the shelf broke"),
  "a raw endpoint": { method: "PUT", url: "/library/files/a%20b/c?d=e&d=f", body: "text" },
  "a raw endpoint, one by one": { status: 418, method: "GET", url: "/library/files/a/b", body: "" },
  "with another fetch": { path: "GET 200" },
};

function assertOutcomes({ "a wrong value": wrong, "a message of a wrong type": message, ...outcomes }) {
  assert.deepEqual(outcomes, expected);
  assert.equal(message.code, "invalid_argument");
  assert.equal(wrong.code, "invalid_argument");
  assert.deepEqual(
    wrong.details.issues.map(({ path, code }) => [path, code]),
    [["book.title", "invalid_type"]],
  );
}

for (const topology of ["single", "per-service"]) {
  describe(`generated client, ${topology}`, () => {
    let copy;
    let app;
    let clientFile;

    before(async () => {
      copy = await copyApp("conformance/apps/clients");
      app = await startDev(copy.dir, { topology });
      clientFile = join(copy.dir, "client.mjs");
      const made = await runTenon(["gen", "client", copy.dir, "-o", clientFile, "--server", app.gateway]);
      assert.equal(made.code, 0, made.stderr);
    });
    after(async () => {
      await app?.stop();
      await copy?.remove();
    });

    test("every call means in Node what it says", async () => {
      const client = await import(pathToFileURL(clientFile).href);
      assert.equal(client.Local, app.gateway);
      assert.equal(new client.Client().library.secret, undefined);
      assertOutcomes(await callLibrary(client, app.gateway, WebSocket));
    });

    test("every call means in a browser what it says", {
      skip: !existsSync(browserPath) && `no ${browserPath}`,
    }, async () => {
      const page = await servePage({
        "/client.mjs": clientFile,
        "/call-library.mjs": join(root, "conformance/clients/call-library.mjs"),
      });
      const browser = await chromium.launch({ executablePath: browserPath, args: ["--no-sandbox", "--disable-gpu"] });
      try {
        const tab = await browser.newPage();
        await tab.goto(page.url);
        const outcomes = await tab.evaluate(async (gateway) => {
          const client = await import("/client.mjs");
          const { callLibrary: call } = await import("/call-library.mjs");
          return await call(client, gateway);
        }, app.gateway);
        assertOutcomes(outcomes);
      } finally {
        await browser.close();
        page.close();
      }
    });
  });
}

/** A page of another origin than the app. */
async function servePage(files) {
  const server = createServer(async (request, response) => {
    const file = files[request.url];
    const [type, body] =
      file === undefined ? ["text/html", "<!doctype html>"] : ["text/javascript", await readFile(file)];
    response.writeHead(200, { "content-type": `${type}; charset=utf-8` }).end(body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}
