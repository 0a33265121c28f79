// The parts of authentication that need no server: what is remembered, what is shown to a handler, what travels.
import assert from "node:assert/strict";
import { describe, it, mock } from "node:test";
import type { AuthHandler, Codec, Issue } from "@tenon/model";
import { AuthBook } from "./auth-book.ts";
import { AuthCache } from "./auth-cache.ts";
import { RawHttpRequest } from "../call/raw-http-request.ts";
import { authPartOf, carriesParams } from "./carries-params.ts";
import { AUTH_HEADERS, Identity, MAX_AUTH_DATA_BYTES } from "./identity.ts";

const codec: Codec = {
  decode: (wire) => structuredClone(wire),
  encode: (value) => value,
  copy: (value, issues: Issue[]) => {
    const data = value as { readonly userID?: unknown };
    if (typeof data.userID !== "string")
      issues.push({ path: "userID", code: "invalid_type", message: "must be a string" });
    return structuredClone(value);
  },
};

const handler = {
  name: "auth",
  service: "users",
  fields: [
    { name: "token", in: "header", wireName: "authorization" },
    { name: "session", in: "cookie", wireName: "session" },
    { name: "key", in: "query", wireName: "api_key" },
  ],
} as unknown as AuthHandler;

const person = (userID: string) => new Identity("auth", { userID }, codec);

describe("AuthCache", () => {
  it("forgets after its time", () => {
    mock.timers.enable({ apis: ["Date"], now: 1_000 });
    try {
      const cache = new AuthCache({ ttlMs: 50 });
      const ann = person("ann");
      cache.set("a", ann);
      mock.timers.setTime(1_049);
      assert.equal(cache.get("a"), ann);
      mock.timers.setTime(1_050);
      assert.equal(cache.get("a"), undefined);
    } finally {
      mock.timers.reset();
    }
  });

  it("holds no more than its bound, and lets go of what was not used for the longest", () => {
    const cache = new AuthCache({ ttlMs: 60_000, maxEntries: 2 });
    cache.set("a", person("ann"));
    cache.set("b", person("bob"));
    assert.ok(cache.get("a"));
    cache.set("c", person("cid"));
    assert.deepEqual(
      ["a", "b", "c"].map((key) => cache.get(key)?.userId),
      ["ann", undefined, "cid"],
    );
  });

  it("has another key for everything that a request shows, and none that shows it", () => {
    const one = AuthCache.keyOf({ query: "api_key=secret", headers: {} });
    assert.notEqual(one, AuthCache.keyOf({ query: "", headers: { api_key: "secret" } }));
    assert.equal(one, AuthCache.keyOf({ query: "api_key=secret", headers: {} }));
    assert.doesNotMatch(one, /secret/);
  });
});

describe("what a handler is asked about", () => {
  it("is any request with one of its parameters", () => {
    const carries = (query: string, headers: Record<string, string>) =>
      carriesParams(handler, new RawHttpRequest("GET", [], query, headers, undefined));
    assert.ok(carries("", { authorization: "" }));
    assert.ok(carries("", { cookie: "a=b; session=1" }));
    assert.ok(carries("x=1&api_key=", {}));
    assert.ok(!carries("x=api_key", { cookie: "mysession=1; a=session", "x-authorization": "1" }));
  });

  it("is shown to it alone", () => {
    const headers = { authorization: "Bearer a", cookie: "session=1", "x-other": "private" };
    assert.deepEqual(
      authPartOf(handler, new RawHttpRequest("GET", [], "api_key=k&password=p&api_key=l", headers, undefined)),
      {
        query: "api_key=k&api_key=l",
        headers: { authorization: "Bearer a", cookie: "session=1" },
      },
    );
  });
});

describe("Identity", () => {
  it("gives each piece of work its own data, and the same whenever it asks", () => {
    const identity = person("ann");
    const [one, other] = [{}, {}];
    const data = identity.dataFor(one) as { userID: string };
    data.userID = "changed";
    assert.equal(identity.dataFor(one), data);
    assert.deepEqual(identity.dataFor(other), { userID: "ann" });
    assert.equal(identity.userId, "ann");
  });

  it("travels in headers of plain ASCII, up to a limit", () => {
    const { [AUTH_HEADERS.data]: text } = person("Åse 👩\u007f").headers;
    assert.match(text, /^[\x20-\x7e]*$/);
    assert.deepEqual(JSON.parse(text), { userID: "Åse 👩\u007f" });
    assert.throws(() => person("x".repeat(MAX_AUTH_DATA_BYTES)).headers, { code: "internal" });
  });
});

describe("AuthBook", () => {
  const book = new AuthBook({ authHandlers: [handler] });
  book.addCodecs({ auth: { params: { decodeHttp: () => ({}) }, data: codec } });

  it("reads who a call is made for, and takes what no handler gives for nothing", () => {
    assert.equal(book.identityFrom(person("ann").headers)?.userId, "ann");
    assert.equal(book.identityFrom({}), undefined);
    assert.throws(() => book.identityFrom({ ...person("ann").headers, [AUTH_HEADERS.handler]: "other" }), /no codec/);
  });

  it("checks what the options of a call name", () => {
    assert.equal(book.identityOf({ userID: "bob" })?.userId, "bob");
    assert.equal(book.identityOf(null), undefined);
    assert.throws(() => book.identityOf({ userID: 7 }), {
      code: "invalid_argument",
      message: /userID must be a string/,
    });
    assert.throws(() => new AuthBook({}).identityOf({ userID: "x" }), { message: /no auth handler/ });
  });
});
