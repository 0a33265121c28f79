// What is asked of the door in each case (of the app `open`, unless another is named), and the answer that shows that it was really given.
const usual = ["host", "127.0.0.1:4000", "user-agent", "bench/1", "accept", "*/*", "connection", "keep-alive"];
const order = {
  customer: "Ada",
  kind: "retail",
  lines: [
    { sku: "A-1", count: 2 },
    { sku: "B-2", count: 3, note: "blue" },
  ],
};
const body = Buffer.from(JSON.stringify(order));

export const requests = {
  hello: { method: "GET", path: "/hello/ada", fields: usual, answer: '{"message":"Hello ada"}' },
  status: { method: "GET", path: "/status", fields: usual, answer: '{"ok":true}' },
  order: {
    method: "POST",
    path: "/orders/o-17",
    query: "verbose=true",
    fields: [...usual, "content-type", "application/json", "content-length", String(body.length), "x-tenant", "acme"],
    body,
    answer: '{"id":"o-17","tenant":"acme","total":5}',
  },
  me: {
    app: "guarded",
    method: "GET",
    path: "/me",
    fields: [...usual, "authorization", "Bearer ada"],
    answer: '{"userID":"ada"}',
  },
  anybody: { app: "guarded", method: "GET", path: "/anybody", fields: usual, answer: '{"userID":"nobody"}' },
  "not-found": { method: "GET", path: "/nowhere/at/all", fields: usual, status: 404 },
};
