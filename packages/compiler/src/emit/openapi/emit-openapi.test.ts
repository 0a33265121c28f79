// The document is right by OpenAPI's own rules (two independent validators), and says what the graph says.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createConfig, lintFromString } from "@redocly/openapi-core";
import { Validator } from "@seriousme/openapi-schema-validator";
import { Ajv2020 } from "ajv/dist/2020.js";
import type { JsonSchema } from "@tenon/model";
import { endpoint, everyKind, graphOf, object, ref, text } from "../public-api/every-kind.test.support.ts";
import type { Operation, ResponseObject } from "./document.ts";
import { emitOpenApi } from "./emit-openapi.ts";

const options = { serverUrl: "http://127.0.0.1:4000" };
const document = emitOpenApi(everyKind, options);

/** The schema of the JSON body of a response. */
function bodySchema(operation: Operation | undefined, status: string): JsonSchema {
  const response = operation?.responses[status];
  return (
    (response !== undefined && "content" in response ? response.content?.["application/json"]?.schema : undefined) ?? {}
  );
}

async function schemaErrors(candidate: object): Promise<unknown> {
  return (await new Validator().validate(structuredClone(candidate) as never)).errors ?? [];
}

async function lintErrors(candidate: object): Promise<string[]> {
  const config = await createConfig({ extends: ["spec"] });
  const problems = await lintFromString({ source: JSON.stringify(candidate), config });
  return problems.map(({ ruleId, message }) => `${ruleId}: ${message}`);
}

test("two independent validators accept the document, and would refuse another", async () => {
  assert.deepEqual(await schemaErrors(document), []);
  assert.deepEqual(await lintErrors(document), []);
  const broken = { ...document, paths: { "/items/{id}": { get: { responses: [] } } } };
  assert.notDeepEqual(await schemaErrors(broken), []);
  assert.notDeepEqual(await lintErrors(broken), []);
});

test("every reference leads somewhere, and only to what is used", () => {
  const refs = new Set([...JSON.stringify(document).matchAll(/"#\/([^"]+)"/g)].map((match) => match[1]!));
  for (const path of refs) {
    const found = path
      .split("/")
      .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], document);
    assert.notEqual(found, undefined, path);
  }
  assert.deepEqual(Object.keys(document.components.schemas), ["ErrorBody_2", "Item", "Page_Item"]);
});

test("every schema is one that a JSON Schema validator takes", () => {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema({ $id: "document", ...structuredClone(document) });
  for (const name of Object.keys(document.components.schemas)) {
    assert.ok(ajv.compile({ $ref: `document#/components/schemas/${name}` }), name);
  }
});

test("fields stand where they travel", () => {
  const get = document.paths["/items/{id}"]?.get;
  assert.deepEqual(
    get?.parameters?.map((parameter) => [parameter.in, parameter.name, parameter.required, parameter.description]),
    [
      ["path", "id", true, undefined],
      ["query", "max-depth", false, "How deep."],
    ],
  );
  assert.equal(get?.requestBody, undefined);
  assert.equal(get?.summary, "Gets an item");
  const put = document.paths["/items/{id}"]?.put;
  assert.deepEqual(
    put?.parameters?.map((parameter) => `${parameter.in} ${parameter.name}`),
    ["path id", "header x-tags"],
  );
  assert.deepEqual(put?.requestBody?.content["application/json"]?.schema?.["required"], ["value"]);
  const answer = put?.responses["200"] as ResponseObject | undefined;
  assert.deepEqual(Object.keys(answer?.headers ?? {}), ["ETag", "X-Total"]);
  assert.deepEqual(Object.keys(bodySchema(put, "200")["properties"] as object), ["value"]);
});

test("an endpoint with GET and POST has its fields in the query or in the body", () => {
  const { get, post } = document.paths["/items"] ?? {};
  assert.deepEqual(
    get?.parameters?.map((parameter) => `${parameter.in} ${parameter.name}`),
    ["query words", "query since"],
  );
  assert.equal(post?.parameters, undefined);
  assert.equal(post?.requestBody?.required, false);
  assert.deepEqual([get?.operationId, post?.operationId], ["items.find.get", "items.find.post"]);
});

test("errors that an endpoint declares are told by status, beside those that all can give", () => {
  const get = document.paths["/items/{id}"]?.get;
  assert.deepEqual(Object.keys(get?.responses ?? {}), ["200", "400", "404", "default"]);
  assert.deepEqual((bodySchema(get, "404")["properties"] as { code: unknown }).code, { const: "not_found" });
  // The two that are declared, and requests that do not match their type.
  assert.equal((bodySchema(get, "400")["anyOf"] as unknown[]).length, 3);
});

test("who asks is told by the parameters of the auth handlers", () => {
  assert.deepEqual(document.components.securitySchemes, {
    "auth.authorization": { type: "http", scheme: "bearer" },
    "auth.session": { type: "apiKey", in: "cookie", name: "sid" },
  });
  assert.deepEqual(document.paths["/items/{id}"]?.put?.security, [
    { "auth.authorization": [] },
    { "auth.session": [] },
  ]);
  assert.equal(document.paths["/items/{id}"]?.get?.security, undefined);
});

test("routes that OpenAPI cannot tell apart are all there", () => {
  assert.deepEqual(Object.keys(document.paths["/files/{id}"] ?? {}), ["get", "post", "delete", "options"]);
  assert.equal(document.paths["/files/{id}#wildcard"]?.get?.operationId, "live-feed.rest.get");
});

test("streams say what travels in them", () => {
  const talk = document.paths["/talk/{room}"]?.get;
  assert.deepEqual(Object.keys(talk?.responses ?? {}), ["101", "400", "401", "default"]);
  assert.deepEqual(talk?.["x-tenon-messages"]?.outgoing, { $ref: "#/components/schemas/Item" });
  const events = document.paths["/events"]?.get?.responses["200"] as ResponseObject | undefined;
  assert.deepEqual(Object.keys(events?.content ?? {}), ["text/event-stream"]);
});

test("private endpoints are there only when they are asked for", () => {
  assert.equal(document.paths["/items.hidden"], undefined);
  const all = emitOpenApi(everyKind, { ...options, includePrivate: true });
  assert.equal(all.paths["/items.hidden"]?.get?.["x-tenon-private"], true);
});

test("services and tags choose what is described", () => {
  const ids = (selection: object) =>
    Object.values(emitOpenApi(everyKind, { ...options, ...selection }).paths).flatMap((item) =>
      Object.values(item).map((operation) => operation.operationId),
    );
  assert.deepEqual(ids({ tags: ["inner"] }), ["items.nothing"]);
  assert.deepEqual(ids({ tags: ["inner"], excludedTags: ["more"] }), []);
  assert.ok(ids({ services: ["items"] }).every((id) => id.startsWith("items.")));
  assert.ok(ids({ excludedServices: ["items"] }).every((id) => id.startsWith("live-feed.")));
});

test("names that OpenAPI does not allow, and that would then be the same, stay apart", () => {
  const graph = graphOf(
    {
      s: [
        endpoint({
          name: "a",
          path: "/a",
          response: object({ x: ref("Box<a/b>"), y: ref("Box_a_b"), z: ref("Box<a~b>") }),
        }),
      ],
    },
    {
      schemas: {
        "Box<a/b>": object({ one: text }),
        Box_a_b: object({ two: text }),
        "Box<a~b>": object({ three: text }),
      },
    },
  );
  const { schemas } = emitOpenApi(graph, options).components;
  assert.deepEqual(Object.keys(schemas), ["Box_a_b", "Box_a_b_2", "Box_a_b_3", "ErrorBody"]);
  assert.deepEqual(Object.keys(schemas["Box_a_b"]?.["properties"] as object), ["two"]);
});

test("a property may be called like a keyword of JSON Schema", () => {
  const names = ["$ref", "const", "default", "enum", "properties"];
  const schema = object(Object.fromEntries(names.map((name) => [name, ref("T<U>")])));
  const graph = graphOf({ s: [endpoint({ name: "a", path: "/a", response: schema })] }, { schemas: { "T<U>": text } });
  const properties = bodySchema(emitOpenApi(graph, options).paths["/a"]?.get, "200")["properties"] as object;
  assert.deepEqual(Object.keys(properties), names);
  for (const value of Object.values(properties)) assert.deepEqual(value, { $ref: "#/components/schemas/T_U" });
});
