// Where fields travel, what rules and schemas accept and say, and what becomes of values: the same in one process and in one per
// service, from outside and between services.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { copyApp } from "./harness/app-copy.mjs";
import { startDev } from "./harness/dev.mjs";

const goodOrder = {
  name: "😀😀😀😀😀",
  contact: "https://a.b/c",
  price: "0.10",
  lines: [{ sku: "abc", quantity: 3.5 }],
};

for (const topology of ["single", "per-service"]) {
  describe(`validation, topology ${topology}`, () => {
    let copy;
    let app;
    /** "path code message" of each issue. */
    const issuesOf = ({ body }) => body.details.issues.map(({ path, code, message }) => `${path} ${code} ${message}`);
    const throughDesk = async (path, body) => JSON.parse((await app.request("POST", `/desk/${path}`, body)).body.json);

    before(async () => {
      copy = await copyApp("conformance/apps/validation");
      app = await startDev(copy.dir, { topology });
    });
    after(async () => {
      await app?.cleanUp();
      await copy?.remove();
    });

    test("what fulfils all rules arrives, decimals exactly, defaults filled in", async () => {
      const { status, body } = await app.request("POST", "/orders", goodOrder);
      assert.equal(status, 200);
      assert.deepEqual(body, { total: "0.1", page: 1, name: goodOrder.name });
    });

    test("all rules that do not hold are told at once", async () => {
      const wrong = {
        name: "😀",
        contact: "mailto:a@b.c",
        price: "0",
        lines: [{ sku: "a", quantity: 3 }],
        discount: -1,
      };
      const refused = await app.request("POST", "/orders?page=11", wrong);
      assert.equal(refused.status, 400);
      assert.equal(refused.body.code, "invalid_argument");
      assert.deepEqual(issuesOf(refused), [
        "name invalid_length must have at least 2 characters",
        "contact invalid_format must be an email address, or be a URL such as https://example.com/",
        "price out_of_range must be at least 0.01",
        "lines[0].sku invalid_length is no SKU",
        "lines[0].quantity out_of_range must be at least 3.5",
        "discount out_of_range must be at least 0",
        "page out_of_range must be at most 10",
      ]);
    });

    test("a strict endpoint refuses unknown fields in body and query, others drop them", async () => {
      const refused = await app.request("POST", "/strict?page=1&pages=2", { inner: { a: "x", b: 1 }, more: true });
      assert.deepEqual(issuesOf(refused).toSorted(), [
        "inner.b unknown_field is not a field of this type",
        "more unknown_field is not a field of this type",
        'pages unknown_field query parameter "pages" is not known here',
      ]);
      const dropped = await app.request("POST", "/orders?pages=2", { ...goodOrder, more: true });
      assert.equal(dropped.status, 200);
    });

    test("the status and each cookie of a response are where HTTP has them, and not in the body", async () => {
      const first = await fetch(`${app.gateway}/visit`);
      assert.equal(first.status, 201);
      assert.equal(first.headers.get("location"), "/elsewhere");
      assert.deepEqual(await first.json(), { seen: null });
      assert.deepEqual(first.headers.getSetCookie(), [
        "sid=a%20b%3Bc=%C3%BC; Path=/; Max-Age=60; HttpOnly; Secure; SameSite=Lax",
        "visits=1; Expires=Wed, 02 Jan 2030 03:04:05 GMT",
      ]);
    });

    test("cookies come back as they were set", async () => {
      const cookie = (await fetch(`${app.gateway}/visit`)).headers
        .getSetCookie()
        .map((line) => line.split(";")[0])
        .join("; ");
      const second = await fetch(`${app.gateway}/visit`, { headers: { cookie } });
      assert.equal(second.status, 202);
      assert.deepEqual(await second.json(), { seen: "a b;c=ü" });
      assert.match(second.headers.getSetCookie()[1], /^visits=2;/);
      const wrong = await fetch(`${app.gateway}/visit`, { headers: { cookie: "visits=many" } });
      assert.deepEqual(issuesOf({ body: await wrong.json() }), [
        'visits invalid_type cookie "visits" must be a number',
      ]);
    });

    test("an answer without content has none", async () => {
      const response = await fetch(`${app.gateway}/visit`, { method: "DELETE" });
      assert.equal(response.status, 204);
      assert.equal(await response.text(), "");
    });

    test("a response that breaks its own rules never leaves", async () => {
      assert.equal((await app.request("GET", "/broken")).status, 500);
      assert.equal((await throughDesk("broken", {})).code, "internal");
    });

    test("in a call between services all of them are fields as any other", async () => {
      assert.deepEqual(await throughDesk("visit", {}), {
        seen: "mine",
        status: 202,
        session: { value: "a b;c=ü", httpOnly: true, secure: true, sameSite: "Lax", path: "/", maxAge: 60 },
        visits: { value: 1, expires: "2030-01-02T03:04:05.000Z" },
        location: "/elsewhere",
      });
      assert.deepEqual(await throughDesk("order", { price: "0.30", name: "ab" }), {
        total: "0.3",
        page: 3,
        name: "ab",
      });
      const { code, details } = await throughDesk("order", { price: "0.001", name: "abcdef" });
      assert.equal(code, "invalid_argument");
      assert.deepEqual(
        details.issues.map((issue) => `${issue.path} ${issue.code}`),
        ["name invalid_length", "price out_of_range"],
      );
    });

    for (const library of ["zod", "valibot", "arktype"]) {
      test(`${library}: transforms, defaults and refinements hold from outside`, async () => {
        const good = await app.request("GET", `/${library}/7?from=2026-01-01&until=2026-01-04&code=x&guests=3`);
        assert.equal(good.status, 200, good.text);
        const label = library === "zod" ? "7 FOR 3" : "7 for 3";
        assert.deepEqual(good.body, { nights: 3, label });
        const filled = await app.request("GET", `/${library}/7?from=2026-01-01&until=2026-01-02&code=x`);
        assert.match(filled.body.label, /^7 for 2$/i);
        const taken = await app.request("GET", `/${library}/7?from=2026-01-01&until=2026-01-02&code=taken`);
        assert.equal(taken.status, 400);
        assert.deepEqual(issuesOf(taken), ["code invalid_value is taken"]);
        const early = await app.request("GET", `/${library}/7?from=2026-01-02&until=2026-01-01&code=x`);
        assert.deepEqual(issuesOf(early), ["until invalid_value must be after from"]);
        const missing = await app.request("GET", `/${library}/7?from=2026-01-02&code=x`);
        assert.deepEqual(issuesOf(missing), ['until required query parameter "until" is required']);
      });

      test(`${library}: and in a call between services`, async () => {
        const good = await throughDesk(library, { until: "2026-01-03", code: "x" });
        assert.equal(good.nights, 2);
        assert.match(good.label, /^[zva] for 2$/i);
        const { code, details } = await throughDesk(library, { until: "2026-01-03", code: "taken" });
        assert.equal(code, "invalid_argument");
        assert.deepEqual(details.issues, [{ path: "code", code: "invalid_value", message: "is taken" }]);
      });
    }

    test("a schema of the response has the last word on what a handler returns", async () => {
      const tooLong = await app.request("GET", "/zod/7?from=2026-01-01&until=2026-01-31&code=x");
      assert.equal(tooLong.status, 500);
      assert.equal((await throughDesk("zod", { until: "2026-01-31", code: "x" })).code, "internal");
    });
  });
}
