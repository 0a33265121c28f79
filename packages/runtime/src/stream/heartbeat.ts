// Finds out that the other end of a WebSocket is gone although nothing says so (a laptop that was shut, a cable): pings (RFC 6455,
// 5.5.2) until one stays without an answer for a whole interval. Also keeps proxies from taking a quiet stream for a dead one.
import type { WebSocket } from "ws";

/** What it takes of one. */
export type WatchedSocket = Pick<WebSocket, "on" | "once" | "ping" | "terminate" | "isPaused" | "readyState" | "OPEN">;

export function keepAlive(socket: WatchedSocket, intervalMs: number): void {
  let hasHeard = true;
  const hear = () => {
    hasHeard = true;
  };
  socket.on("pong", hear);
  socket.on("message", hear);
  const judge = () => {
    // Nothing is heard while nobody reads; a connection that broke is then found by writing to it.
    if (!hasHeard && !socket.isPaused) socket.terminate();
    else if (socket.readyState === socket.OPEN) {
      hasHeard = socket.isPaused;
      socket.ping();
    }
  };
  // Timers come before what has arrived: whoever stood still himself has to read before he calls the other end silent.
  const timer = setInterval(() => setImmediate(judge), intervalMs);
  timer.unref();
  socket.once("close", () => clearInterval(timer));
}
