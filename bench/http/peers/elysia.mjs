// Elysia on Bun, its own types on the way in and out.
import { Elysia, t } from "elysia";
import { people } from "../people.mjs";
import { userOfToken } from "../tokens.mjs";
import { submissionAnswer } from "./submission-answer.mjs";
import { tickLines } from "./tick-lines.mjs";

const submission = {
  headers: t.Object({ "x-foo": t.String() }),
  query: t.Object({ name: t.Optional(t.String()), excitement: t.Optional(t.Numeric()) }),
  body: t.Object({
    someKey: t.Optional(t.String()),
    someOtherKey: t.Optional(t.Number()),
    // t.Integer() would take texts for numbers, also in a body.
    requiredKey: t.Array(t.Number({ multipleOf: 1 }), { maxItems: 3 }),
    nullableKey: t.Optional(t.Union([t.Number(), t.Null()])),
    multipleTypesKey: t.Optional(t.Union([t.Boolean(), t.Number()])),
    multipleRestrictedTypesKey: t.Optional(t.Union([t.String({ maxLength: 5 }), t.Number({ minimum: 10 })])),
    enumKey: t.Optional(t.Union([t.Literal("John"), t.Literal("Foo")])),
  }),
  response: t.Object({ message: t.String(), excitement: t.Number(), total: t.Number() }),
};

const person = t.Object({
  id: t.Number(),
  name: t.String(),
  email: t.String(),
  active: t.Boolean(),
  balanceCents: t.Number(),
  tags: t.Array(t.String()),
  address: t.Object({ street: t.String(), city: t.String(), zip: t.String() }),
});

new Elysia()
  .get("/hello/:name", ({ params }) => ({ message: `Hello ${params.name}` }), {
    response: t.Object({ message: t.String() }),
  })
  .post(
    "/schema",
    ({ headers, query, body }) => submissionAnswer(headers["x-foo"], query.name, query.excitement, body.requiredKey),
    submission,
  )
  .get("/people", () => ({ people }), { response: t.Object({ people: t.Array(person) }) })
  .get("/users/:userId/orders/:orderId", ({ params: { userId, orderId } }) => ({ userId, orderId }), {
    params: t.Object({ userId: t.String(), orderId: t.Numeric() }),
    response: t.Object({ userId: t.String(), orderId: t.Number() }),
  })
  .get("/me", ({ headers: { authorization = "" }, status }) => {
    const userId = authorization.startsWith("Bearer ") ? userOfToken.get(authorization.slice(7)) : undefined;
    return userId === undefined ? status(401, { error: "who are you?" }) : { userId };
  })
  .get("/ticks", function* ({ set }) {
    set.headers["content-type"] = "application/x-ndjson";
    yield* tickLines();
  })
  .listen({ port: Number(process.env.PORT), hostname: "127.0.0.1" });
