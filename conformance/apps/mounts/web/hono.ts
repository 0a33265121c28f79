import { getRequestListener } from "@hono/node-server";
import { Hono } from "hono";
import { stream } from "hono/streaming";
import { api } from "tenon/api";

const app = new Hono().basePath("/hono");
app.get("/hello/:name", (context) =>
  context.json({ hello: context.req.param("name"), twice: context.req.header("x-twice"), url: context.req.url }),
);
app.post("/echo", async (context) => context.body(await context.req.arrayBuffer(), 202));
app.get("/stream", (context) =>
  stream(context, async (body) => {
    for (const part of ["one ", "two ", "three"]) {
      await body.write(part);
      await body.sleep(5);
    }
  }),
);

export const hono = api.raw({ method: "*", path: "/hono/*rest", expose: true }, getRequestListener(app.fetch));
