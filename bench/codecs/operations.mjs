// What is done with the codecs, one function per figure: each takes how often and does it that often. Every result is looked at, so that
// none of the work can be left out.
import { items, schemaBody } from "./endpoints.mjs";

/** As the servers give it to a decoder: one object of a class per request. */
class Raw {
  constructor(method, params, query, headers, body) {
    this.method = method;
    this.params = params;
    this.query = query;
    this.headers = headers;
    this.body = body;
  }

  header(name) {
    return this.headers[name];
  }
}

const helloParams = Array.from({ length: 16 }, (_, index) => [`world-${index}`]);
const queries = Array.from({ length: 16 }, (_, index) => `name=Somebody${index}&excitement=${index}`);
const headers = { host: "localhost", accept: "*/*", "x-foo": "bar" };
const item = items[0];

/** What is kept has to be made. */
const kept = new Array(4).fill(undefined);

function must(issues) {
  if (issues.length > 0) throw new Error(JSON.stringify(issues[0]));
}

/** `"case operation"` -> `(count) => void`. */
export function operationsOf({ hello, schema, list }) {
  const wireList = JSON.parse(JSON.stringify({ items }));
  const wireItem = wireList.items[0];
  const request = { name: "Somebody", excitement: 3, foo: "bar", ...schemaBody };
  const many = (convert, values) => (count) => {
    let seen = 0;
    for (let index = 0; index < count; index++) {
      const issues = [];
      const result = convert(values[index & (values.length - 1)], issues);
      if (result !== undefined) seen++;
      kept[index & 3] = result;
      must(issues);
    }
    if (seen !== count) throw new Error("a conversion gave nothing");
  };
  const http = (codec, method, params, texts, body) =>
    many(
      (index, issues) => codec.request.decodeHttp(new Raw(method, params[index], texts[index], headers, body), issues),
      Array.from({ length: 16 }, (_, index) => index),
    );
  const none = Array.from({ length: 16 }, () => []);
  const empty = Array.from({ length: 16 }, () => "");
  return {
    "hello decodeHttp": http(hello, "GET", helloParams, empty, undefined),
    "hello copy": many(hello.request.copy, [{ name: "world" }]),
    "hello encode": many(hello.response.encode, [{ message: "Hello world" }]),
    "hello encode and stringify": many(
      (value, issues) => JSON.stringify(hello.response.encode(value, issues)),
      [{ message: "Hello world" }],
    ),
    "schema decodeHttp": http(schema, "POST", none, queries, schemaBody),
    "schema copy": many(schema.request.copy, [request]),
    "schema encode": many(schema.response.encode, [{ message: "Hello world", count: 5 }]),
    "list decodeHttp": http(list, "POST", none, empty, wireList),
    "list copy": many(list.request.copy, [{ items }]),
    "list encode": many(list.response.encode, [items]),
    "item decode": many((value, issues) => list.request.decode(value, issues), [{ items: [wireItem] }]),
    "item encode": many(list.response.encode, [[item]]),
  };
}
