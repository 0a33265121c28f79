// Stands on the way to a server and closes what goes through it, as servers, balancers and firewalls do with connections at rest.
import { once } from "node:events";
import { connect, createServer } from "node:net";

/** @returns {Promise<{ port: number, count: number, close(how: "politely" | "by a reset"): Promise<void>, stop(): Promise<void> }>} */
export async function startTcpGate(port, host = "127.0.0.1") {
  const pairs = new Set();
  const server = createServer((near) => {
    const pair = { near, far: connect(port, host) };
    pairs.add(pair);
    for (const [socket, other] of [
      [pair.near, pair.far],
      [pair.far, pair.near],
    ]) {
      socket.on("error", () => {});
      socket.on("close", () => {
        pairs.delete(pair);
        other.destroy();
      });
      socket.pipe(other);
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: server.address().port,
    /** Connections that go through it. */
    get count() {
      return pairs.size;
    },
    /** Resolves once the other side's system knows. */
    async close(how) {
      const closed = [...pairs].map(({ near }) => {
        const told = once(near, how === "politely" ? "finish" : "close");
        if (how === "politely") near.end();
        else near.resetAndDestroy();
        return told;
      });
      await Promise.all(closed);
    },
    async stop() {
      server.close();
      for (const { near, far } of pairs) for (const socket of [near, far]) socket.destroy();
      await once(server, "close");
    },
  };
}
