// The emitted module as text: the same bytes each time, nothing unreachable in it, and no name that could break out of it.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  array,
  codecOf,
  date,
  endpoint,
  field,
  graphOf,
  literal,
  load,
  loadText,
  number,
  object,
  oneOf,
  rawRequest,
  record,
  ref,
  run,
  runtimeUrl,
  string,
  union,
} from "./codecs.test.support.ts";
import { constructs } from "./constructs.test.support.ts";
import { emitCodecs } from "./emit-codecs.ts";

const nasty = [
  "</script>",
  "*/ throw 1 /*",
  `\`\${process.exit()}\``,
  '"; throw 1; //',
  "\u2028\u2029\n",
  "__proto__",
  "constructor",
  "hasOwnProperty",
  "'",
  "\\",
  "value",
  "issues",
  "seen",
  "result",
  "copyUser",
  "refuse",
  "await",
  "",
  "é",
  "1a",
  "\ud800",
];

test("nasty names, values, patterns and definitions stay data", async () => {
  for (const name of nasty) {
    const schemas = { [name]: object({ [name]: string, "x?": oneOf(name, "other"), "l?": literal(name) }) };
    const value = JSON.parse(
      `{${JSON.stringify(name)}:"text","x":${JSON.stringify(name)},"l":${JSON.stringify(name)}}`,
    ) as object;
    const codec = await codecOf(ref(name), schemas);
    for (const convert of [codec.decode, codec.copy, codec.encode]) {
      const result = run(convert, value);
      assert.deepEqual(result.issues, [], name);
      assert.equal(JSON.stringify(result.value), JSON.stringify(value));
      assert.equal(run(convert, { x: "wrong" }).issues.length, 2, name);
    }
  }
});

test("nasty names of endpoints and request fields", async () => {
  for (const name of nasty.filter((each) => each !== "")) {
    const codecs = await load([
      endpoint(name, { request: object({ [name]: number }), fields: [field(name, "query")] }),
    ]);
    const request = codecs[name]!.request!;
    const raw = rawRequest({ query: new URLSearchParams([[name, "5"]]).toString() });
    if (name === "\ud800") continue;
    const decoded = run((value, issues) => request.decodeHttp(value as typeof raw, issues), raw);
    assert.equal(JSON.stringify(decoded.value), `{${JSON.stringify(name)}:5}`);
  }
});

test("a pattern is a regular expression with its own text only", async () => {
  const codec = await codecOf({ kind: "string", pattern: '^"/`\\u2028\\$\\{x\\}.$' });
  assert.deepEqual(run(codec.decode, `"/\`\u2028\${x}\n`).issues, []);
  assert.equal(run(codec.decode, "other").issues.length, 1);
});

test("definitions with names of JavaScript and of the runtime", async () => {
  for (const name of ["Date", "Json", "Bigint", "Object", "Map", "Array<string>", "a/b.c", "Ünï", "ü"]) {
    const schemas = { [name]: object({ at: date, "next?": ref(name) }) };
    const codec = await codecOf(object({ a: ref(name), list: array(ref(name)) }), schemas);
    const value = { a: { at: new Date(0) }, list: [{ at: new Date(1), next: { at: new Date(2) } }] };
    assert.deepStrictEqual(run(codec.copy, value).value, value);
  }
});

function everything() {
  const schemas = Object.fromEntries(
    Object.values(constructs).flatMap((construct) => Object.entries(construct.schemas)),
  );
  return graphOf(
    Object.entries(constructs).map(([name, { schema }]) => endpoint(name, { response: schema })),
    schemas,
  );
}

test("the same graph gives the same bytes", () => {
  const first = everything();
  const second = everything();
  assert.equal(emitCodecs(first.service, first.graph, "x"), emitCodecs(second.service, second.graph, "x"));
});

test("only what the endpoints reach is emitted", () => {
  const schemas = { Used: object({ a: string }), Unused: object({ secret: string }) };
  const { service, graph } = graphOf([endpoint("get", { response: ref("Used") })], schemas);
  assert.doesNotMatch(emitCodecs(service, graph, "x"), /Unused|secret/);
});

test("every building block that a module imports exists", async () => {
  const { service, graph } = everything();
  const text = emitCodecs(service, graph, runtimeUrl);
  const imported = /^import \{ (.*) \} from/m.exec(text)![1]!.split(", ");
  const runtime = (await import(runtimeUrl)) as Record<string, unknown>;
  assert.deepEqual(
    imported.filter((name) => typeof runtime[name] !== "function"),
    [],
  );
  await loadText(text);
});

test("an app without endpoints has a module too", async () => {
  const { service, graph } = graphOf([endpoint("ping", {})]);
  const { codecs } = await loadText(emitCodecs(service, graph, runtimeUrl));
  assert.deepEqual({ ...codecs["ping"] }, { request: null, response: null });
});

test("readable: a small definition", () => {
  const user = object({
    id: string,
    "age?": number,
    role: union(literal("a"), literal("b")),
    tags: record(string, string),
  });
  const { service, graph } = graphOf([endpoint("get", { response: ref("User") })], { User: user });
  const text = emitCodecs(service, graph, "@tenon/runtime/codec");
  const start = text.indexOf("function copyUser(");
  assert.equal(
    text.slice(start, text.indexOf("\n}\n", start) + 3),
    `function copyUser(value, issues) {
  if (!isObject(value)) return void refuse(issues, "", "invalid_type", "an object", value);
  let seen = issues.length;
  const id = value.id;
  if (typeof id !== "string") seen = refuse(issues, "id", "invalid_type", "a string", id);
  const age = value.age;
  if (age !== undefined && (typeof age !== "number" || !Number.isFinite(age))) seen = refuseNumber(issues, "age", "invalid_type", "a number", age);
  const role = value.role;
  if (role !== "a" && role !== "b") seen = refuse(issues, "role", "invalid_enum", "one of \\"a\\" | \\"b\\"", role);
  const tags = copyUserTags(value.tags, issues);
  if (issues.length !== seen) seen = under(issues, seen, "tags");
  if (age === undefined) return { id, role, tags };
  return { id, role, tags, age: age === 0 ? 0 : age };
}
`,
  );
});
