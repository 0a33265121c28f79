// Hono on its server for Node, with its zod validator.
import { serve } from "@hono/node-server";
import { zValidator } from "@hono/zod-validator";
import { Hono } from "hono";
import { stream } from "hono/streaming";
import { people } from "../people.mjs";
import { userOfToken } from "../tokens.mjs";
import { submissionAnswer } from "./submission-answer.mjs";
import { tickLines } from "./tick-lines.mjs";
import { orderParams, submissionBody, submissionHeaders, submissionQuery } from "./zod-schemas.mjs";

const app = new Hono();

app.get("/hello/:name", (c) => c.json({ message: `Hello ${c.req.param("name")}` }));

app.post(
  "/schema",
  zValidator("header", submissionHeaders),
  zValidator("query", submissionQuery),
  zValidator("json", submissionBody),
  (c) => {
    const { name, excitement } = c.req.valid("query");
    const { requiredKey } = c.req.valid("json");
    return c.json(submissionAnswer(c.req.valid("header")["x-foo"], name, excitement, requiredKey));
  },
);

app.get("/people", (c) => c.json({ people }));

app.get("/users/:userId/orders/:orderId", zValidator("param", orderParams), (c) => c.json(c.req.valid("param")));

async function authenticate(c, next) {
  const authorization = c.req.header("authorization") ?? "";
  const userId = authorization.startsWith("Bearer ") ? userOfToken.get(authorization.slice(7)) : undefined;
  if (userId === undefined) return c.json({ error: "who are you?" }, 401);
  c.set("userId", userId);
  await next();
}
app.get("/me", authenticate, (c) => c.json({ userId: c.get("userId") }));

app.get("/ticks", (c) => {
  c.header("content-type", "application/x-ndjson");
  return stream(c, async (body) => {
    for (const line of tickLines()) await body.write(line);
  });
});

serve({ fetch: app.fetch, port: Number(process.env.PORT), hostname: "127.0.0.1" });
