// A fast lane on the loopback with one client, for tests: what the connection is doing can be looked at from the server's side.
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import type { FastConnection } from "./connection.ts";
import type { Phase } from "./connection-phase.ts";
import { FastServer, type FastServerOptions } from "./fast-server.ts";

export interface OpenLane {
  readonly server: FastServer;
  readonly connection: FastConnection;
  readonly client: Socket;
  /** All that the client has received. */
  readonly received: () => string;
  readonly isClosed: () => boolean;
  /** Resolves once it is true; a test's own time limit ends the waiting. */
  until(isTrue: () => boolean): Promise<void>;
  untilPhase(phase: Phase): Promise<void>;
  close(): Promise<void>;
}

export async function openLane(
  answer: FastServerOptions["answer"],
  options: Partial<FastServerOptions> = {},
): Promise<OpenLane> {
  const handOver = () => {
    throw new Error("nothing is handed over here");
  };
  const server = new FastServer({ answer, handOver, headerLimitBytes: 1024, ...options });
  let accepted: (connection: FastConnection) => void = () => {};
  const connected = new Promise<FastConnection>((resolve) => {
    accepted = resolve;
  });
  const listener = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => accepted(server.accept(socket)));
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const client = connect((listener.address() as AddressInfo).port, "127.0.0.1");
  let text = "";
  let hasClosed = false;
  client.on("data", (part: Buffer) => {
    text += part.toString("latin1");
  });
  client.on("error", () => {});
  client.on("close", () => {
    hasClosed = true;
  });
  const connection = await connected;
  const until = async (isTrue: () => boolean) => {
    while (!isTrue()) await new Promise((resolve) => setImmediate(resolve));
  };
  return {
    server,
    connection,
    client,
    received: () => text,
    isClosed: () => hasClosed,
    until,
    untilPhase: (phase) => until(() => connection.phase === phase),
    async close() {
      client.destroy();
      server.cutOff();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}
