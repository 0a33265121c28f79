// For tests: stands between clients and a server as poolers do. It names processes of its own, and gives a session of the server to one
// client, or to one after the other, for a transaction each.
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import pg from "pg";

export interface Pooler {
  /** The database by way of the pooler. */
  readonly connectionString: string;
  stop(): Promise<void>;
}

interface Session {
  readonly client: pg.Client;
  readonly stream: Socket;
  owner: Socket | undefined;
  read: Buffer;
}

/** AuthenticationOk, a process id and key of its own, ReadyForQuery. */
const welcome = Buffer.from("5200000008000000004b0000000c00000001000000025a0000000549", "hex");
const terminate = 0x58;

export async function startPooler(connectionString: string, mode: "session" | "transaction"): Promise<Pooler> {
  const sessions: Session[] = [];
  const sockets = new Set<Socket>();

  const sessionFor = async (socket: Socket): Promise<Session> => {
    let session = sessions.find(({ owner }) => owner === socket) ?? sessions.find(({ owner }) => owner === undefined);
    if (session === undefined) {
      session = await openSession(connectionString, mode === "transaction");
      sessions.push(session);
    }
    session.owner = socket;
    return session;
  };

  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    let isWelcome = false;
    let sent: Promise<void> = Promise.resolve();
    socket.on("data", (chunk: Buffer) => {
      if (!isWelcome) {
        isWelcome = true;
        socket.write(welcome);
      } else if (chunk[0] === terminate) socket.end();
      else sent = sent.then(async () => void (await sessionFor(socket)).stream.write(chunk));
    });
    socket.on("close", () => {
      sockets.delete(socket);
      // What it began goes with it.
      for (const session of sessions.filter(({ owner }) => owner === socket)) {
        sessions.splice(sessions.indexOf(session), 1);
        session.stream.destroy();
      }
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    connectionString: `postgres://somebody@127.0.0.1:${port}/any`,
    async stop() {
      for (const { stream } of sessions) stream.destroy();
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

async function openSession(connectionString: string, isShared: boolean): Promise<Session> {
  const client = new pg.Client({ connectionString });
  client.on("error", () => {});
  await client.connect();
  const { stream } = (client as unknown as { connection: { stream: Socket } }).connection;
  stream.removeAllListeners("data");
  const session: Session = { client, stream, owner: undefined, read: Buffer.alloc(0) };
  stream.on("data", (chunk: Buffer) => {
    session.owner?.write(chunk);
    session.read = Buffer.concat([session.read, chunk]);
    while (session.read.length >= 5) {
      const length = 1 + session.read.readUInt32BE(1);
      if (session.read.length < length) break;
      const isIdle = session.read.toString("latin1", 0, 1) === "Z" && session.read.toString("latin1", 5, 6) === "I";
      session.read = session.read.subarray(length);
      if (isIdle && isShared) session.owner = undefined;
    }
  });
  return session;
}
