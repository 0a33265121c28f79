// The requests that show that all peers do the same work: valid ones in all shapes, every kind of invalid one, and those that nobody
// answers. Kinds of refusals are compared by class (4xx), as frameworks differ in taste (400 or 422, 404 or 405).
import { submission } from "./scenarios.mjs";

const json = { "content-type": "application/json" };

function submit(what, body, { query = "name=test&excitement=123", headers = { "x-foo": "test" }, expected }) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const request = { method: "POST", path: `/schema?${query}`, headers: { ...json, ...headers }, body: text };
  return { scenario: "schema", what, ...request, expected };
}

const get = (scenario, path, expected, headers = {}) => ({
  scenario,
  what: `GET ${path}${headers.authorization === undefined ? "" : ` with "${headers.authorization}"`}`,
  method: "GET",
  path,
  headers,
  expected,
});

const withField = (field, value) => ({ ...submission, [field]: value });
const without = (field) => ({ ...submission, [field]: undefined });
const accepted = { message: "Hello test from test", excitement: 123, total: 1368 };
const ok = (json) => ({ status: 2, json });
const refused = { status: 4 };

/** @type {{ scenario: string, what: string, method: string, path: string, headers: object, body?: string, expected: { status: number, json?: unknown } }[]} */
export const checks = [
  get("hello", "/hello/world", ok({ message: "Hello world" })),
  get("hello", "/hello/Ada%20Lovelace", ok({ message: "Hello Ada Lovelace" })),
  get("hello", "/hello/%E2%82%AC", ok({ message: "Hello €" })),
  get("hello", "/hello/%22quoted%22", ok({ message: 'Hello "quoted"' })),
  get("hello", "/hello", refused),
  get("hello", "/hello/a/b", refused),
  { ...get("hello", "/hello/world", refused), what: "DELETE /hello/world", method: "DELETE" },

  submit("the whole submission", submission, { expected: ok(accepted) }),
  submit(
    "only what is required",
    { requiredKey: [] },
    { query: "", expected: ok({ message: "Hello World from test", excitement: 0, total: 0 }) },
  ),
  submit("a name that is escaped", submission, {
    query: "excitement=1.5&name=a%26b+c",
    expected: ok({ message: "Hello a&b c from test", excitement: 1.5, total: 1368 }),
  }),
  submit(
    "fields that nobody knows",
    { ...submission, other: { deep: [1] } },
    { query: "name=test&excitement=123&x=y", expected: ok(accepted) },
  ),
  submit("a number that may be null", withField("nullableKey", 5), { expected: ok(accepted) }),
  submit("the other type of a union", withField("multipleTypesKey", 1.5), { expected: ok(accepted) }),
  submit("the other restricted type", withField("multipleRestrictedTypesKey", 10), { expected: ok(accepted) }),
  submit("the other value of the enum", withField("enumKey", "Foo"), { expected: ok(accepted) }),
  submit("a text of another language", withField("someKey", "žluťoučký 😀"), { expected: ok(accepted) }),

  submit("no header", submission, { headers: {}, expected: refused }),
  submit("a query parameter that is no number", submission, { query: "name=test&excitement=much", expected: refused }),
  submit("a text where a number belongs", withField("someOtherKey", "123"), { expected: refused }),
  submit("a number where a text belongs", withField("someKey", 5), { expected: refused }),
  submit("a null where a text belongs", withField("someKey", null), { expected: refused }),
  submit("no required list", without("requiredKey"), { expected: refused }),
  submit("no list where one belongs", withField("requiredKey", { length: 0 }), { expected: refused }),
  submit("a text in the list", withField("requiredKey", [1, "2"]), { expected: refused }),
  submit("a fraction in the list", withField("requiredKey", [1.5]), { expected: refused }),
  submit("a list that is too long", withField("requiredKey", [1, 2, 3, 4]), { expected: refused }),
  submit("a text that is not null or a number", withField("nullableKey", "5"), { expected: refused }),
  submit("a text of no type of the union", withField("multipleTypesKey", "yes"), { expected: refused }),
  submit("a restricted text that is too long", withField("multipleRestrictedTypesKey", "testing"), {
    expected: refused,
  }),
  submit("a restricted number that is too small", withField("multipleRestrictedTypesKey", 9), { expected: refused }),
  submit("a value that the enum does not have", withField("enumKey", "john"), { expected: refused }),
  submit("a body that is cut off", '{"requiredKey":[1', { expected: refused }),
  submit("a body that is a list", [], { expected: refused }),
  submit("no body", "", { expected: refused }),

  get("people", "/people", ok()),

  get("orders", "/users/ada/orders/17", ok({ userId: "ada", orderId: 17 })),
  get("orders", "/users/u%20v/orders/3", ok({ userId: "u v", orderId: 3 })),
  get("orders", "/users/ada/orders/many", refused),
  get("orders", "/users/ada/invoices/17", refused),

  get("me", "/me", ok({ userId: "user-7" }), { authorization: "Bearer token-7" }),
  get("me", "/me", refused),
  get("me", "/me", refused, { authorization: "Bearer nobody" }),
  get("me", "/me", refused, { authorization: "Basic token-7" }),

  get("ticks", "/ticks", ok()),
];
