// An application as it was before: nothing in this file knows of Tenon.
import express from "express";

interface Order {
  id: string;
  cents: number;
  note?: string;
}

export const orders = new Map<string, Order>([["1", { id: "1", cents: 1200 }]]);

const app = express();
app.use(express.json());

app.get("/health", (_request, response) => {
  response.json({ ok: true });
});

app.get("/orders", (_request, response) => {
  response.json([...orders.values()]);
});

app.get("/orders/:id", (request, response) => {
  const order = orders.get(request.params.id);
  if (order === undefined) response.status(404).json({ error: "no such order" });
  else response.json(order);
});

app.post("/orders", (request, response) => {
  const order = { ...request.body, id: String(orders.size + 1) };
  orders.set(order.id, order);
  response.status(201).json(order);
});

export default app;
