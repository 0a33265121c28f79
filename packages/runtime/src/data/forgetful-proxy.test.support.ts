// For tests: stands between clients and a server as what forgets connections at rest does. Those that it has forgotten stay open at both ends
// until somebody writes: then they are reset, or nothing comes back for ever.
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export interface ForgetfulProxy {
  /** The database by way of the proxy. */
  readonly connectionString: string;
  /** What clients have sent so far. */
  readonly heard: string;
  /** Connections that are there now; those to come are not. */
  forget(answer: "reset" | "silence"): void;
  stop(): Promise<void>;
}

/** `target`: by host and port. */
export async function startForgetfulProxy(target: string): Promise<ForgetfulProxy> {
  const url = new URL(target);
  url.searchParams.delete("host");
  const far = { host: url.hostname, port: Number(url.port) };
  const open = new Set<Socket>();
  const forgotten = new Map<Socket, "reset" | "silence">();
  let heard = "";
  const server = createServer((near) => {
    const upstream = connect(far);
    open.add(near);
    near.on("data", (chunk: Buffer) => {
      heard += chunk.toString("latin1");
      const answer = forgotten.get(near);
      if (answer === undefined) upstream.write(chunk);
      else if (answer === "reset") near.resetAndDestroy();
    });
    upstream.on("data", (chunk: Buffer) => near.write(chunk));
    for (const socket of [near, upstream]) {
      socket.on("error", () => {});
      socket.on("close", () => {
        open.delete(near);
        near.destroy();
        upstream.destroy();
      });
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    connectionString: url.href,
    get heard() {
      return heard;
    },
    forget(answer) {
      for (const near of open) forgotten.set(near, answer);
    },
    async stop() {
      for (const near of open) near.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
