// Who comes without TLS is sent to where it is, with method, path and query as they were; challenges of an authority are answered.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, describe, test } from "node:test";
import type { Listener } from "../call/listen.ts";
import { openRedirectDoor } from "./redirect-door.ts";

let door: Listener;
afterEach(() => door.close({ timeoutMs: 0 }));

const acmeDir = mkdtempSync(join(tmpdir(), "tenon-acme-"));
after(() => rmSync(acmeDir, { recursive: true, force: true }));

const address = { host: "127.0.0.1", port: 0 };

function ask(
  path: string,
  { method = "GET", host = "shop.test" } = {},
): Promise<{ status: number; location?: string; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(`${door.address}${path}`, { method, headers: { host, connection: "close" } }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => {
        text += part;
      });
      response.once("end", () => {
        const { location } = response.headers;
        resolve({ status: response.statusCode!, text, ...(location === undefined ? {} : { location }) });
      });
    });
    sent.once("error", reject);
    sent.end();
  });
}

describe("the door that redirects", { timeout: 60_000 }, () => {
  test("keeps host, path and query, and names the port unless it is 443", async () => {
    door = await openRedirectDoor({ address, httpsPort: 443 });
    assert.deepEqual(await ask("/orders/7?full=1", { method: "POST", host: "shop.test:80" }), {
      status: 308,
      location: "https://shop.test/orders/7?full=1",
      text: "",
    });
    await door.close({ timeoutMs: 0 });
    door = await openRedirectDoor({ address, httpsPort: 8443 });
    assert.equal((await ask("/", { host: "[::1]" })).location, "https://[::1]:8443/");
  });

  test("shows challenges that are there, and no other file", async () => {
    writeFileSync(join(acmeDir, "token-1"), "token-1.thumbprint");
    writeFileSync(join(acmeDir, "..", `${acmeDir.split("/").at(-1)}.secret`), "not for you");
    after(() => rmSync(`${acmeDir}.secret`, { force: true }));
    door = await openRedirectDoor({ address, httpsPort: 443, acmeDir });
    const shown = await ask("/.well-known/acme-challenge/token-1");
    assert.deepEqual(shown, { status: 200, text: "token-1.thumbprint" });
    assert.equal((await ask("/.well-known/acme-challenge/token-2")).status, 308);
    const outside = `..%2F${acmeDir.split("/").at(-1)}.secret`;
    assert.equal((await ask(`/.well-known/acme-challenge/${outside}`)).status, 308);
  });
});
