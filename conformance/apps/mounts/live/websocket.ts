import { WebSocketServer } from "ws";
import { api } from "tenon/api";

const sockets = new WebSocketServer({ noServer: true });
let closed = 0;

export const echo = api.raw({ method: "GET", path: "/ws/echo", expose: true }, (request, response) => {
  if (request.upgradeHead === undefined) {
    response.statusCode = 426;
    response.end(`closed ${closed}`);
    return;
  }
  sockets.handleUpgrade(request, request.socket, request.upgradeHead, (socket) => {
    socket.on("message", (data, isBinary) => socket.send(data, { binary: isBinary }));
    socket.on("close", () => closed++);
  });
});

/** Knows nothing of upgrades, and answers them as it answers everything. */
export const plain = api.raw({ method: "GET", path: "/ws/plain", expose: true }, (_request, response) => {
  response.writeHead(200, { "content-type": "text/plain" });
  response.end("plain");
});

export const failing = api.raw({ method: "GET", path: "/ws/failing", expose: true }, async () => {
  throw new Error("nobody's business");
});
