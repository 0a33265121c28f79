import { createServer } from "node:http";
import { Server } from "socket.io";
import { api } from "tenon/api";

/** Listens nowhere: its events come from the endpoint. */
const server = createServer();
const io = new Server(server, { path: "/socket" });
io.on("connection", (socket) => {
  socket.on("add", (a: number, b: number, answer: (sum: number) => void) => answer(a + b));
  socket.on("say", (text: string) => io.emit("said", text, socket.conn.transport.name));
});

export const socket = api.raw({ method: "*", path: "/socket/*rest", expose: true }, server);
