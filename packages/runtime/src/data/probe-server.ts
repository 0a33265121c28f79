// Asks a PostgreSQL server for one byte, without logging in: enough to tell a server that stands still from one that is only slow.
import { connect } from "node:net";

export interface ServerAddress {
  /** A name, an address, or the folder of a Unix socket. */
  readonly host: string;
  readonly port: number;
}

/** SSLRequest (PostgreSQL manual, 54.7): any server answers it with one letter, whether it speaks TLS or not. */
const sslRequest = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);
/** Nobody listens there: the server is down, which every attempt to connect finds out by itself and at once. */
const isDown = new Set(["ECONNREFUSED", "ENOENT", "ECONNRESET"]);

/** A timer that is so late says that this process stood still itself, and may have an answer that it has not read. */
const ownDelayMs = 200;

/** true: something is there that answers, or refuses; false: nothing came back within the time. Never rejects. */
export function probeServer({ host, port }: ServerAddress, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = host.startsWith("/") ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host);
    const finish = (answers: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answers);
    };
    const wait = (): NodeJS.Timeout => {
      const begunAt = performance.now();
      return setTimeout(() => {
        if (performance.now() - begunAt < timeoutMs + ownDelayMs) finish(false);
        else timer = wait();
      }, timeoutMs);
    };
    let timer = wait();
    socket.unref();
    socket.once("connect", () => socket.write(sslRequest));
    socket.once("data", () => finish(true));
    socket.once("end", () => finish(true));
    socket.once("error", (error: NodeJS.ErrnoException) => finish(isDown.has(error.code ?? "")));
  });
}
