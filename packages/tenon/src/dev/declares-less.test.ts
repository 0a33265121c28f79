// Less is less in one service, or of one kind; more elsewhere does not make up for it, and another name is no loss.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Endpoint, Graph, Service } from "@tenon/model";
import { declaresLess } from "./declares-less.ts";

const location = { file: "a/a.ts", line: 1, column: 1 };

function endpoint(name: string): Endpoint {
  return {
    name,
    kind: "typed",
    methods: ["GET"],
    path: { pattern: `/${name}`, segments: [{ kind: "literal", value: name }] },
    expose: true,
    auth: false,
    sensitive: false,
    tags: [],
    bodyLimitBytes: null,
    fields: [],
    location,
  };
}

function service(name: string, ...endpoints: string[]): Service {
  return { name, directory: name, endpoints: endpoints.map(endpoint), calls: [], databases: [], secrets: [] };
}

function graph(services: Service[], rest: Partial<Graph> = {}): Graph {
  return { version: 1, app: { id: "" }, services, databases: [], secrets: [], schemas: {}, ...rest };
}

const before = graph([service("a", "one", "two"), service("b", "one"), service("empty")], {
  middleware: [{ name: "first", location }],
});

test("the same, another name, and more are no loss", () => {
  assert.equal(declaresLess(before, before), false);
  const renamed = graph([service("a", "one", "other"), ...before.services.slice(1)], { middleware: [] });
  assert.equal(declaresLess({ ...before, middleware: [] }, renamed), false);
  assert.equal(declaresLess(before, { ...before, services: [...before.services, service("c", "one")] }), false);
});

test("an endpoint, a service, a middleware that has gone is one", () => {
  const [a, b, empty] = before.services as [Service, Service, Service];
  assert.equal(declaresLess(before, { ...before, services: [service("a", "one"), b, empty] }), true);
  assert.equal(
    declaresLess(before, { ...before, services: [service("a", "one"), service("b", "1", "2"), empty] }),
    true,
  );
  assert.equal(declaresLess(before, { ...before, services: [a, b] }), true);
  assert.equal(declaresLess(before, { ...before, middleware: [] }), true);
});
