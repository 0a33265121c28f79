// Middleware without a server: order, targets, and what may come out of a chain.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Endpoint } from "@tenon/model";
import { addResponse } from "./add-response.ts";
import { HandlerResponse } from "./handler-response.ts";
import { middleware, type MiddlewareTarget } from "./middleware.ts";
import { MiddlewareRequest, type MiddlewareSubject } from "./middleware-request.ts";
import { middlewaresOf } from "./middlewares-of.ts";
import { runMiddleware } from "./run-middleware.ts";
import { middlewareFor, middlewareForSubscriptions } from "./select-middleware.ts";

const request = (): MiddlewareRequest => new MiddlewareRequest({ middlewareData: undefined });

test("the first of the list is outermost", async () => {
  const seen: string[] = [];
  const around = (name: string) =>
    middleware(async (one, next) => {
      seen.push(`${name} in`);
      const response = await next(one);
      seen.push(`${name} out`);
      return response;
    });
  const response = await runMiddleware([around("a"), around("b")], request(), () => {
    seen.push("handler");
    return "done";
  });
  assert.deepEqual(seen, ["a in", "b in", "handler", "b out", "a out"]);
  assert.equal(response.payload, "done");
});

test("a middleware can answer instead of the handler, and change what it answered", async () => {
  let ran = false;
  const instead = middleware(async () => new HandlerResponse({ from: "cache" }));
  const marks = middleware(async (one, next) => {
    const response = await next(one);
    response.payload = { ...response.payload, marked: true };
    return response;
  });
  const response = await runMiddleware([marks, instead], request(), () => {
    ran = true;
  });
  assert.deepEqual(response.payload, { from: "cache", marked: true });
  assert.equal(ran, false);
});

test("what a handler throws reaches the middleware around it, and next may be called again", async () => {
  let attempts = 0;
  const retry = middleware(async (one, next) => next(one).catch(() => next(one)));
  const response = await runMiddleware([retry], request(), () => {
    if (++attempts === 1) throw new Error("first");
    return attempts;
  });
  assert.equal(response.payload, 2);
});

test("a middleware that returns something else is named", async () => {
  // biome-ignore lint/suspicious/noExplicitAny: what a caller without types can do
  async function forgetful(): Promise<any> {}
  await assert.rejects(
    runMiddleware([forgetful], request(), () => 1),
    /the middleware forgetful must return/,
  );
});

test("data is one object for all of the chain and its subject", async () => {
  const subject: MiddlewareSubject = { middlewareData: undefined };
  const first = middleware<{ user?: string }>(async (one, next) => {
    one.data.user = "u1";
    return next(one);
  });
  const second = middleware<{ user?: string }>(async (one, next) => {
    one.data.user += "!";
    return next(one);
  });
  await runMiddleware([first, second], new MiddlewareRequest(subject), () => undefined);
  assert.deepEqual(subject.middlewareData, { user: "u1!" });
});

const endpoint = (over: Partial<Endpoint>) =>
  ({ kind: "typed", expose: false, auth: false, tags: [], ...over }) as unknown as Endpoint;

const targets: readonly [MiddlewareTarget, Partial<Endpoint>, boolean][] = [
  [{}, {}, true],
  [{ expose: true }, { expose: true }, true],
  [{ expose: true }, {}, false],
  [{ expose: false }, {}, true],
  [{ auth: true }, { auth: true }, true],
  [{ auth: false }, { auth: true }, false],
  [{ isRaw: true }, { kind: "raw" }, true],
  [{ isRaw: true }, {}, false],
  [{ isRaw: false }, { kind: "raw" }, false],
  [{ isStream: true }, { kind: "stream-in-out" }, true],
  [{ isStream: true }, { kind: "sse" }, true],
  [{ isStream: false }, { kind: "stream-in" }, false],
  [{ tags: ["a", "b"] }, { tags: ["b", "c"] }, true],
  [{ tags: ["a"] }, { tags: ["b"] }, false],
  [{ tags: [] }, { tags: ["b"] }, false],
  [{ expose: true, tags: ["a"] }, { expose: true, tags: [] }, false],
  [{ isSubscription: true }, {}, false],
];

for (const [target, over, matches] of targets) {
  test(`target ${JSON.stringify(target)} and ${JSON.stringify(over)}: ${matches}`, () => {
    const one = middleware({ target }, async (seen, next) => next(seen));
    assert.equal(middlewareFor(endpoint(over), [one]).length, matches ? 1 : 0);
  });
}

test("subscriptions run what names them and nothing else", () => {
  const plain = middleware(async (one, next) => next(one));
  const messages = middleware({ target: { isSubscription: true } }, async (one, next) => next(one));
  assert.deepEqual(middlewareForSubscriptions([plain, messages]), [messages]);
});

test("an app's middleware is outside of a service's", () => {
  const one = middleware(async (seen, next) => next(seen));
  const two = middleware(async (seen, next) => next(seen));
  const list = middlewaresOf({ app: { config: { middlewares: [one] } }, service: { config: { middlewares: [two] } } });
  assert.deepEqual(list, [one, two]);
  assert.deepEqual(middlewaresOf({}), []);
});

test("headers and status of a middleware win over the endpoint's", () => {
  const response = new HandlerResponse();
  response.status = 202;
  response.header.set("X-Own", "2");
  response.header.add("Set-Cookie", "a=1");
  response.header.add("set-cookie", ["b=2", "c=3"]);
  const encoded = addResponse({ headers: { "x-own": "1" } as Record<string, string | string[]> }, response);
  assert.deepEqual(encoded, { headers: { "x-own": "2", "set-cookie": ["a=1", "b=2", "c=3"] }, status: 202 });
});

test("headers and status that HTTP cannot carry are refused", () => {
  for (const [name, value] of [
    ["bad name", "x"],
    ["x", "a\r\nb: c"],
    ["Content-Length", "3"],
  ] as const) {
    const response = new HandlerResponse();
    response.header.set(name, value);
    assert.throws(() => addResponse({ headers: {} }, response), TypeError);
  }
  const response = new HandlerResponse();
  response.status = 99;
  assert.throws(() => addResponse({ headers: {} }, response), TypeError);
});
