// What is measured over HTTP: the requests of each scenario and what makes it worth measuring. Requests of a scenario are sent in turn.
const json = { "content-type": "application/json" };

export const submission = {
  someKey: "test",
  someOtherKey: 123,
  requiredKey: [123, 456, 789],
  nullableKey: null,
  multipleTypesKey: true,
  multipleRestrictedTypesKey: "test",
  enumKey: "John",
};

/** `failing` is the share of the requests that must be answered with an error; `connections`: fewer than usual, where one answer
 * takes many milliseconds and 64 at a time would run into the load generator's patience. */
export const scenarios = {
  hello: {
    title: "Hello",
    about: "`GET /hello/:name`, one short JSON object back",
    requests: [{ method: "GET", path: "/hello/world" }],
  },
  schema: {
    title: "Schema",
    about:
      "`POST /schema` with a header, two query parameters and a JSON body of seven fields (optional ones, an enum, unions, limits), all validated",
    requests: [
      {
        method: "POST",
        path: "/schema?name=test&excitement=123",
        headers: { ...json, "x-foo": "test" },
        body: JSON.stringify(submission),
      },
    ],
  },
  people: {
    title: "Large answer",
    about: "`GET /people`, a list of 260 records, 50 KB of JSON",
    requests: [{ method: "GET", path: "/people" }],
  },
  orders: {
    title: "Parameters and 404",
    about: "`GET /users/:userId/orders/:orderId`, and one request in four for a path that does not exist",
    requests: [
      { method: "GET", path: "/users/ada/orders/17" },
      { method: "GET", path: "/users/grace/orders/1024" },
      { method: "GET", path: "/users/u%20v/orders/3" },
      { method: "GET", path: "/users/ada/invoices/17" },
    ],
    failing: 0.25,
  },
  me: {
    title: "Authenticated",
    about: "`GET /me` with a bearer token that is looked up",
    requests: Array.from({ length: 10 }, (_, index) => ({
      method: "GET",
      path: "/me",
      headers: { authorization: `Bearer token-${index * 99}` },
    })),
  },
  ticks: {
    title: "Streamed answer",
    about: "`GET /ticks`, 1,000 small items made one by one, as JSON lines (16 connections)",
    requests: [{ method: "GET", path: "/ticks" }],
    connections: 16,
  },
};
