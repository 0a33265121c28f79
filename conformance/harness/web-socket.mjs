// A WebSocket as a test sees it: messages are taken one by one, and how it ended can be waited for.
import { WebSocket } from "ws";

/**
 * Connects and resolves once connected; a refusal rejects with `status` and `body`.
 * @param {string} base "http://host:port" of the gateway
 * @param {string} path
 * @param {{ protocols?: string[], headers?: Record<string, string>, autoPong?: boolean }} [options]
 */
export async function connect(base, path, { protocols = [], ...options } = {}) {
  const socket = new WebSocket(`${base.replace(/^http/, "ws")}${path}`, protocols, options);
  const connection = new Connection(socket);
  await new Promise((resolve, reject) => {
    socket.once("open", resolve);
    socket.once("error", reject);
    socket.once("unexpected-response", async (_request, response) => {
      let text = "";
      for await (const chunk of response) text += chunk;
      const body = response.headers["content-type"] === "application/json" ? JSON.parse(text) : text;
      reject(Object.assign(new Error(`refused with ${response.statusCode}`), { status: response.statusCode, body }));
    });
  });
  return connection;
}

class Connection {
  /** Messages that nobody has taken, parsed. */
  messages = [];
  received = 0;
  #waiting = [];

  constructor(socket) {
    this.socket = socket;
    this.closed = new Promise((resolve) => {
      socket.once("close", (code, reason) => {
        this.end = { code, reason: reason.toString() };
        for (const waiting of this.#waiting.splice(0)) waiting.reject(new Error(`closed with ${code}: ${reason}`));
        resolve(this.end);
      });
    });
    socket.on("error", () => {});
    socket.on("message", (data) => {
      this.received++;
      const message = JSON.parse(data.toString());
      const first = this.#waiting.shift();
      if (first === undefined) this.messages.push(message);
      else first.resolve(message);
    });
  }

  send(message) {
    this.socket.send(JSON.stringify(message));
  }

  /** The next message; rejects when the connection ends before. */
  next() {
    if (this.messages.length > 0) return Promise.resolve(this.messages.shift());
    if (this.end !== undefined) return Promise.reject(new Error(`closed with ${this.end.code}: ${this.end.reason}`));
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  close() {
    this.socket.close();
    return this.closed;
  }
}
