// Asks the server, over a connection of its own, to end the statement that another connection is running.
import pg from "pg";

/** What the driver knows of its connection but its typings do not. */
interface ClientInternals {
  readonly host: string;
  readonly port: number;
  readonly ssl: boolean | object;
  readonly processID: number | null;
  readonly secretKey: number | null;
}

interface ConnectionInternals {
  connect(portOrPath: number | string, host?: string): void;
  requestSsl(): void;
  cancel(processId: number, secretKey: number): void;
  once(event: "connect" | "sslconnect" | "error" | "end", listener: () => void): void;
}

/** Resolves when the server has taken note, or could not be reached: then nothing is left to cancel. */
export function sendCancel(client: pg.Client): Promise<void> {
  const { host, port, ssl, processID, secretKey } = client as unknown as ClientInternals;
  if (processID === null || secretKey === null) return Promise.resolve();
  return new Promise((resolve) => {
    const connection = new pg.Connection({ ssl: ssl === false ? undefined : ssl } as pg.ClientConfig);
    const internals = connection as unknown as ConnectionInternals;
    internals.once("connect", () => {
      if (ssl) internals.requestSsl();
      else internals.cancel(processID, secretKey);
    });
    internals.once("sslconnect", () => internals.cancel(processID, secretKey));
    // The driver reports a closed stream as "end", after an error too.
    internals.once("error", () => {});
    internals.once("end", resolve);
    if (host.startsWith("/")) internals.connect(`${host}/.s.PGSQL.${port}`);
    else internals.connect(port, host);
  });
}
