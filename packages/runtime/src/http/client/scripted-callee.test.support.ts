// For tests: a server that answers with the very bytes it is told to, right or wrong, and a request that notes what comes of it.
import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { TextAnswer } from "./text-answer.ts";
import type { ClientConnection } from "./client-connection.ts";
import type { ResponseHead } from "../parse-response.ts";
import type { SharedRequest } from "./shared-requests.ts";

export interface Visit {
  readonly socket: Socket;
  /** Counted from 0 over all connections. */
  readonly connection: number;
  /** Of its connection, counted from 0. */
  readonly request: number;
  /** The request as it came. */
  readonly text: string;
}

export interface Callee {
  readonly port: number;
  /** Opened so far. */
  connections: number;
  /** Calls back for each request with an empty line at its end and no body. */
  onRequest: (visit: Visit) => void;
  onConnection: (socket: Socket) => void;
  close(): Promise<void>;
}

export async function startCallee(): Promise<Callee> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    const connection = callee.connections++;
    let received = "";
    let request = 0;
    sockets.add(socket);
    socket.setEncoding("latin1").on("data", (chunk) => {
      received += chunk;
      for (let end = received.indexOf("\r\n\r\n"); end !== -1; end = received.indexOf("\r\n\r\n")) {
        const text = received.slice(0, end + 4);
        received = received.slice(end + 4);
        callee.onRequest({ socket, connection, request: request++, text });
      }
    });
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
    callee.onConnection(socket);
  });
  const callee = {
    port: 0,
    connections: 0,
    onRequest: (_visit: Visit): void => {},
    onConnection: (_socket: Socket): void => {},
    async close() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, "close");
    },
  };
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  callee.port = (server.address() as { port: number }).port;
  return callee;
}

/** "HTTP/1.1 200 OK" with the length of the body. */
export function answerText(body: string, fields = ""): string {
  return `HTTP/1.1 200 OK\r\n${fields}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

export function requestText(name: string): string {
  return `POST /${name} HTTP/1.1\r\nhost: test\r\n\r\n`;
}

/** What became of one request: its answer's body, or why there is none. */
export class Probe extends TextAnswer implements SharedRequest {
  readonly outcome: Promise<string>;
  readonly name: string;
  connection: ClientConnection | undefined = undefined;
  wasShared: boolean | undefined = undefined;
  private resolve!: (body: string) => void;
  private reject!: (error: Error) => void;

  constructor(name: string) {
    super();
    this.name = name;
    this.outcome = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    // A test may look at it later than it fails.
    this.outcome.catch(() => {});
  }

  textFor(isShared: boolean): string {
    this.wasShared = isShared;
    return requestText(this.name);
  }

  onSent(connection: ClientConnection): void {
    this.connection = connection;
  }

  cancelText(): string {
    return requestText(`cancel-${this.name}`);
  }

  onFailure(error: Error): void {
    this.reject(error);
  }

  protected onAnswer(_head: ResponseHead, text: string): void {
    this.resolve(text);
  }
}
