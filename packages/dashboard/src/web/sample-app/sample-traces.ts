// Traces of the sample shop: the good order, a failed one, a refused one, a partial one, and large ones.
import type { Trace } from "@tenon/model";
import { calling, gatewayRequest, type SpanSketch, served, statement, traceOf } from "./span-sketch.ts";

const selectUser = "SELECT id, email, name, tier, created_at FROM users WHERE id = $1";
const reserveStock =
  "WITH wanted AS (SELECT * FROM unnest($1::text[], $2::int[]) AS line(product_id, quantity)) UPDATE products SET stock = stock - wanted.quantity FROM wanted WHERE products.id = wanted.product_id AND stock >= wanted.quantity RETURNING products.id, name, price_cents";
const insertOrder =
  "INSERT INTO orders (user_id, reservation_id, status, total_cents, note)\n      VALUES ($1, $2, 'confirmed', $3, $4)\n      RETURNING id, user_id, status, total_cents, note, created_at";

const getUser = (from: number, to: number) =>
  calling("orders", "users", "get", {
    from,
    to,
    children: [statement("users", "SELECT users", selectUser, 1, from + 0.5, to - 0.4)],
  });

/** gateway -> orders.create -> users.get -> SQL, products.reserve -> SQL, SQL. */
export function orderTrace(number: number, startedAt: number): Trace {
  const stretch = 1 + (number % 5) * 0.35;
  const log = { level: "info", message: "order created", orderId: `ord_${number}`, totalCents: 12900 };
  const create = served("orders", "create", {
    from: 0.61,
    to: 13.9,
    events: [{ name: "log", at: 13.2, attributes: log }],
    children: [
      getUser(1.1, 4.2),
      calling("orders", "products", "reserve", {
        from: 4.4,
        to: 9.1,
        children: [
          statement("products", "BEGIN", "BEGIN", 0, 4.9, 5.1),
          statement("products", "UPDATE products", reserveStock, 2, 5.2, 7.4),
          statement("products", "COMMIT", "COMMIT", 0, 7.5, 8.6),
        ],
      }),
      statement("orders", "INSERT orders", insertOrder, 1, 9.6, 12.8),
    ],
  });
  const trace = traceOf(
    number,
    0,
    gatewayRequest("POST", "/orders", "/orders", 200, { to: 14.32, children: [create] }),
  );
  return shifted(trace, startedAt, stretch);
}

export function productListTrace(number: number, startedAt: number): Trace {
  const sql = "SELECT id, name, price_cents FROM products ORDER BY name LIMIT $1";
  const list = served("products", "list", {
    from: 0.3,
    to: 1.9,
    children: [statement("products", "SELECT products", sql, 20, 0.6, 1.7)],
  });
  return traceOf(
    number,
    startedAt,
    gatewayRequest("GET", "/products", "/products", 200, { to: 2.13, children: [list] }),
  );
}

/** The database breaks under products.reserve: every span above it fails. */
export function failedTrace(number: number, startedAt: number): Trace {
  const error = {
    type: "SqlError",
    message: "deadlock detected",
    stack: `SqlError: deadlock detected
    at reserveLines (products/stock.ts:48:17)
    at async reserve (products/products.ts:44:10)
    at async create (orders/orders.ts:31:25)
Caused by: error: deadlock detected
    at Parser.parseErrorMessage (pg-protocol/parser.js:285:98)`,
  };
  const failing = {
    ...statement("products", "UPDATE products", reserveStock, 0, 6.1, 1007),
    error: { ...error, type: "DatabaseError" },
  };
  const at = { name: "log", at: 1007.4, attributes: { level: "error", message: "reservation failed", userId: "ada" } };
  const reserve = calling("orders", "products", "reserve", {
    from: 5.2,
    to: 1008.8,
    error,
    events: [at],
    attributes: { "tenon.error.code": "internal" },
    children: [failing],
  });
  const create = served("orders", "create", {
    from: 0.7,
    to: 1009.4,
    error,
    attributes: { "tenon.error.code": "internal" },
    children: [getUser(1.2, 4.8), reserve],
  });
  return traceOf(
    number,
    startedAt,
    gatewayRequest("POST", "/orders", "/orders", 500, { to: 1010, error, children: [create] }),
  );
}

/** users.get does not know the user: nobody's fault, so no span has the status error. */
export function refusedTrace(number: number, startedAt: number): Trace {
  const attributes = { "tenon.error.code": "not_found", "tenon.error.message": "there is no user nobody" };
  const get = served("users", "get", {
    from: 0.3,
    to: 1.6,
    attributes,
    children: [statement("users", "SELECT users", selectUser, 0, 0.5, 1.4)],
  });
  return traceOf(
    number,
    startedAt,
    gatewayRequest("GET", "/users/:id", "/users/nobody", 404, { to: 1.8, children: [get] }),
  );
}

/** A batch of messages that other requests published. */
export function batchTrace(number: number, startedAt: number, publishers: readonly Trace[]): Trace {
  const links = publishers.map(({ traceId, spans }) => ({
    traceId,
    spanId: spans.at(-1)!.spanId,
    attributes: { "tenon.link": "publish", "messaging.message.id": `m-${traceId.slice(-4)}` },
  }));
  const sketch = { service: "mail", name: "order-placed/send-mail", kind: "consumer", from: 0, to: 5 } as const;
  const { traceId, spans } = traceOf(number, startedAt, sketch);
  return { traceId, spans: spans.map((span) => ({ ...span, links })) };
}

/** The gateway's span and that of orders.create have not arrived. */
export function partialTrace(number: number, startedAt: number): Trace {
  const { traceId, spans } = orderTrace(number, startedAt);
  return { traceId, spans: spans.filter((span) => span.service !== "gateway" && span.name !== "orders.create") };
}

/** `spans` in all: one request that asks the database in a loop, in steps of ten within one call each. */
export function largeTrace(number: number, startedAt: number, spans: number): Trace {
  const batches: SpanSketch[] = [];
  let left = spans - 2;
  for (let from = 1; left > 0; from += 22) {
    const statements = Math.min(10, left - 2);
    const children = Array.from({ length: Math.max(0, statements) }, (_, index) =>
      statement("users", "SELECT users", selectUser, 1, from + 1 + index * 1.9, from + 2.6 + index * 1.9),
    );
    batches.push(calling("orders", "users", "get", { from, to: from + 21.5, children }));
    left -= children.length + 2;
  }
  const to = 3 + batches.length * 22;
  const report = served("orders", "report", { from: 0.5, to: to - 0.4, children: batches });
  return traceOf(
    number,
    startedAt,
    gatewayRequest("GET", "/orders/report", "/orders/report", 200, { to, children: [report] }),
  );
}

function shifted({ traceId, spans }: Trace, startedAt: number, stretch: number): Trace {
  return {
    traceId,
    spans: spans.map((span) => ({
      ...span,
      startedAt: startedAt + span.startedAt * stretch,
      durationMs: span.durationMs * stretch,
      events: span.events.map((event) => ({ ...event, at: startedAt + event.at * stretch })),
    })),
  };
}
