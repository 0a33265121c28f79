// The page of the shop: lists products, orders them for Ada, follows the order, and talks to the other customers.
const element = (id) => document.getElementById(id);

// A real shop sets this cookie when somebody logs in, and keeps it from scripts.
// biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser yet
document.cookie = "session=ada-token; path=/; samesite=strict";

async function request(method, path, body) {
  const headers = body === undefined ? {} : { "content-type": "application/json" };
  const response = await fetch(path, { method, headers, body: body && JSON.stringify(body) });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.message);
  return answer;
}

const price = (cents) => (cents / 100).toLocaleString(undefined, { style: "currency", currency: "EUR" });

async function showProducts() {
  const { items } = await request("GET", "/products");
  element("products").replaceChildren(...items.map(productRow));
}

function productRow({ id, name, priceCents, stock }) {
  const row = document.createElement("li");
  const text = document.createElement("span");
  const left = document.createElement("small");
  const buy = document.createElement("button");
  left.textContent = stock === 0 ? "sold out" : `${stock} left`;
  text.append(name, left);
  buy.type = "button";
  buy.textContent = `Buy for ${price(priceCents)}`;
  buy.disabled = stock === 0;
  buy.onclick = () => attempt(() => order(id));
  row.append(text, buy);
  return row;
}

let events;

async function order(productId) {
  const { id, totalCents } = await request("POST", "/orders", { lines: [{ productId, quantity: 1 }] });
  events?.close();
  events = new EventSource(`/orders/${id}/events`);
  events.addEventListener("status", ({ data }) => {
    const { status } = JSON.parse(data);
    element("order").textContent = `${price(totalCents)}, ${status}`;
    element("cancel").hidden = status === "cancelled";
    showProducts();
  });
  element("cancel").onclick = () => attempt(() => request("POST", `/orders/${id}/cancel`));
}

async function attempt(action) {
  element("problem").textContent = "";
  try {
    await action();
  } catch (error) {
    element("problem").textContent = error.message;
  }
}

function chat() {
  const socket = new WebSocket(`${location.origin.replace("http", "ws")}/support`);
  socket.onmessage = ({ data }) => {
    const { from, text } = JSON.parse(data);
    const line = document.createElement("li");
    line.textContent = `${from}: ${text}`;
    element("chat").append(line);
  };
  element("ask").onsubmit = (event) => {
    event.preventDefault();
    socket.send(JSON.stringify({ text: event.target.text.value }));
    event.target.reset();
  };
}

await attempt(async () => {
  const { name } = await request("GET", "/me");
  element("customer").textContent = `Logged in as ${name}`;
  await showProducts();
  chat();
});
