import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { HttpMethod, PathSegment } from "@tenon/model";
import { pathSegments } from "../lifecycle/testing-build.test.support.ts";
import { createRouter, type Route, type RouteMatch, type Router } from "./route.ts";

const conflict = (first: string, second: string, method: string) => new Error(`${first} ${second} ${method}`);

function routerOf(...routes: readonly string[]): Router<string> {
  return createRouter(
    routes.map((text) => {
      const [methods = "", pattern = ""] = text.split(" ");
      return { methods: methods.split("|") as HttpMethod[], segments: pathSegments(pattern), value: text };
    }),
    conflict,
  );
}

/** "GET /a/:id id=1" for a match, with the names of its pattern; the kind and what belongs to it otherwise. */
function shown(match: RouteMatch<string>): string {
  if (match.kind === "found") {
    const segments = pathSegments(match.value.split(" ")[1] ?? "");
    const names = segments.flatMap((segment) => (segment.kind === "literal" ? [] : [segment.name]));
    assert.equal(match.params.length, names.length);
    return [match.value, ...names.map((name, index) => `${name}=${match.params[index]}`)].join(" ");
  }
  if (match.kind === "method-not-allowed") return `405 ${match.allow.join(",")}`;
  return match.kind === "bad-encoding" ? `400 ${match.segment}` : "404";
}

describe("route", () => {
  const cases: readonly [routes: readonly string[], request: string, expected: string][] = [
    [["GET /"], "GET /", "GET /"],
    [["GET /"], "GET /a", "404"],
    [["GET /a"], "GET /a/", "404"],
    [["GET /a"], "GET //a", "404"],
    [["GET /a"], "GET /A", "404"],
    [["GET /users/me", "GET /users/:id"], "GET /users/me", "GET /users/me"],
    [["GET /users/me", "GET /users/:id"], "GET /users/7", "GET /users/:id id=7"],
    [["GET /users/me", "POST /users/:id"], "POST /users/me", "POST /users/:id id=me"],
    [["GET /:a/x", "GET /b/:c/y"], "GET /b/x", "GET /:a/x a=b"],
    [["GET /a/:b/c", "GET /:x/d/e"], "GET /a/d/e", "GET /:x/d/e x=a"],
    [["GET /files/*path"], "GET /files/a/b", "GET /files/*path path=a/b"],
    [["GET /files/*path"], "GET /files", "404"],
    [["GET /files/*path"], "GET /files/", "404"],
    [["GET /files/*path"], "GET /files//a", "GET /files/*path path=/a"],
    [["GET /files/*path", "GET /files/:name"], "GET /files/a", "GET /files/:name name=a"],
    [["GET /!rest", "GET /a/*path"], "GET /a/b", "GET /a/*path path=b"],
    [["GET /!rest", "GET /a/b/c"], "GET /a/b", "GET /!rest rest=a/b"],
    [["GET /!rest"], "GET /", "GET /!rest rest="],
    [["GET /!rest", "GET /a/!rest"], "GET /a/x", "GET /a/!rest rest=x"],
    [["GET /!rest", "GET /a/!rest"], "GET /a", "GET /a/!rest rest="],
    [["GET|POST /!rest", "GET /a"], "POST /a", "GET|POST /!rest rest=a"],
    [["GET /a", "PUT /:x"], "DELETE /a", "405 GET,HEAD,OPTIONS,PUT"],
    [["POST /a"], "HEAD /a", "405 OPTIONS,POST"],
    [["GET /a"], "HEAD /a", "GET /a"],
    [["GET /a", "HEAD /:x"], "HEAD /a", "GET /a"],
    [["GET /a"], "OPTIONS /a", "405 GET,HEAD,OPTIONS"],
    [["OPTIONS /a"], "OPTIONS /a", "OPTIONS /a"],
    [["GET /:id"], "GET /", "404"],
    [["GET /a/:id"], "GET /a/", "404"],
    [["GET /caf\u00e9"], "GET /caf%C3%A9", "GET /caf\u00e9"],
    [["GET /:id"], "GET /a%2Fb", "GET /:id id=a/b"],
    [["GET /:id"], "GET /%2541", "GET /:id id=%41"],
    [["GET /:id"], "GET /a+b", "GET /:id id=a+b"],
    [["GET /:id"], "GET /%", "400 %"],
    [["GET /:id"], "GET /%ff", "400 %ff"],
    [["GET /a/:id"], "GET /nowhere/%zz", "400 %zz"],
    [["GET /:__proto__"], "GET /x", "GET /:__proto__ __proto__=x"],
    [["GET /constructor"], "GET /constructor", "GET /constructor"],
    [["GET /a"], "GET /constructor", "404"],
    [["GET /:a/:b"], "GET /../..", "GET /:a/:b a=.. b=.."],
  ];
  for (const [routes, request, expected] of cases) {
    it(`${routes.join(", ")} <- ${request}: ${expected}`, () => {
      const [method = "", path = ""] = request.split(" ");
      assert.equal(shown(routerOf(...routes).match(method, path)), expected);
    });
  }

  it("refuses two routes that cannot be told apart", () => {
    assert.throws(() => routerOf("GET|POST /a/:x", "POST /a/:y"), /GET\|POST \/a\/:x POST \/a\/:y POST/);
  });

  it("stays fast on a path of ten thousand segments", () => {
    const router = routerOf("GET /:a/:b/:c", "GET /x/*rest", "GET /!rest");
    assert.equal(router.match("GET", "/x".repeat(10_000)).kind, "found");
    assert.equal(router.match("GET", "/".repeat(10_000)).kind, "found");
  });

  it("agrees with a naive matcher on random tables and paths", () => {
    const random = createRandom(20261122);
    let found = 0;
    for (let round = 0; round < 3_000; round++) {
      const routes = randomRoutes(random);
      const router = createRouter(routes, conflict);
      for (let attempt = 0; attempt < 8; attempt++) {
        const method = pick(random, ["GET", "POST", "HEAD", "OPTIONS"]);
        const path = randomPath(random);
        const expected = naiveMatch(routes, method, path);
        const actual = shown(router.match(method, path));
        assert.equal(
          actual,
          expected,
          `round ${round}: ${method} ${path} in ${routes.map((route) => route.value).join(", ")}`,
        );
        if (!expected.startsWith("40")) found++;
      }
    }
    assert.ok(found > 3_000, `only ${found} requests found a route`);
  });
});

// The reference: every route is tried alone; of those that match, the one whose kinds of segments sort first wins.

const RANK = { literal: 0, param: 1, wildcard: 2, fallback: 3 };

function naiveMatch(routes: readonly Route<string>[], method: string, path: string): string {
  const raw = path === "/" ? [] : path.slice(1).split("/");
  const parts: string[] = [];
  for (const part of raw) {
    try {
      parts.push(decodeURIComponent(part));
    } catch {
      return `400 ${part}`;
    }
  }
  const matching = routes
    .map((route) => ({ route, values: naiveValues(route.segments, parts) }))
    .filter((candidate) => candidate.values !== undefined);
  const able = matching.filter(({ route }) =>
    route.methods.some((own) => own === method || (method === "HEAD" && own === "GET")),
  );
  if (able.length > 0) {
    able.sort((left, right) => compareRoutes(left.route, right.route, method));
    const { route, values } = able[0]!;
    return [route.value, ...values!].join(" ");
  }
  if (matching.length === 0) return "404";
  const allow = new Set<string>(["OPTIONS", ...matching.flatMap(({ route }) => route.methods)]);
  if (allow.has("GET")) allow.add("HEAD");
  return `405 ${[...allow].sort().join(",")}`;
}

function naiveValues(segments: readonly PathSegment[], parts: readonly string[]): string[] | undefined {
  const values: string[] = [];
  for (const [index, segment] of segments.entries()) {
    const part = parts[index];
    if (segment.kind === "wildcard" || segment.kind === "fallback") {
      const rest = parts.slice(index).join("/");
      if (segment.kind === "wildcard" && rest === "") return undefined;
      return [...values, `${segment.name}=${rest}`];
    }
    if (part === undefined) return undefined;
    if (segment.kind === "param" && part === "") return undefined;
    if (segment.kind === "literal" && part !== segment.value) return undefined;
    if (segment.kind === "param") values.push(`${segment.name}=${part}`);
  }
  return segments.length === parts.length ? values : undefined;
}

function compareRoutes(left: Route<string>, right: Route<string>, method: string): number {
  const isFallback = (route: Route<string>) => route.segments.at(-1)?.kind === "fallback";
  if (isFallback(left) !== isFallback(right)) return isFallback(left) ? 1 : -1;
  for (let index = 0; ; index++) {
    const [a, b] = [left.segments[index], right.segments[index]];
    if (a === undefined || b === undefined) break;
    if (a.kind !== b.kind) return RANK[a.kind] - RANK[b.kind];
  }
  // Only HEAD can tell routes of the same shape apart: its own comes before GET's.
  return Number(right.methods.some((own) => own === method)) - Number(left.methods.some((own) => own === method));
}

function randomRoutes(random: () => number): Route<string>[] {
  const routes = new Map<string, Route<string>>();
  for (let count = 1 + Math.floor(random() * 7); count > 0; count--) {
    const parts: string[] = [];
    for (let depth = Math.floor(random() * 4); depth > 0; depth--) parts.push(pick(random, ["a", "b", ":p", ":q"]));
    const end = pick(random, ["", "", "", "*w", "!f"]);
    if (end !== "") parts.push(end);
    const pattern = `/${parts.join("/")}`;
    const method = pick(random, ["GET", "POST", "HEAD", "OPTIONS"]) as HttpMethod;
    const named = pattern.replace(/:\w/g, (_match, offset: number) => `:p${offset}`);
    const shape = `${method} ${pattern.replace(/:\w/g, ":")}`;
    routes.set(shape, { methods: [method], segments: pathSegments(named), value: `${method} ${named}` });
  }
  return [...routes.values()];
}

function randomPath(random: () => number): string {
  let path = "";
  for (let depth = Math.floor(random() * 5); depth > 0; depth--)
    path += `/${pick(random, ["a", "b", "c", "", "%61", "a%2Fb", "%zz"])}`;
  return path === "" ? "/" : path;
}

function pick<T>(random: () => number, values: readonly T[]): T {
  return values[Math.floor(random() * values.length)]!;
}

/** A small linear congruential generator: the same numbers on every run. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
