// A server for tests that answers as a service's documentation says, and keeps what it was asked.
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";
import { InfraValues } from "../infra-values.ts";
import { type Environment, readSecretStore } from "./read-secret-store.ts";
import type { SecretStore } from "./secret-store.ts";

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json: unknown;
}

/** Its address, and what it was asked so far. It ends with the test. */
export async function documentedServer(
  context: TestContext,
  answer: (asked: Asked, before: readonly Asked[]) => Answer,
): Promise<{ readonly url: string; readonly host: string; readonly asked: readonly Asked[] }> {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const { method = "", url = "", headers } = request;
    const one = { method, path: url, headers, body: Buffer.concat(chunks).toString() };
    const { status = 200, headers: given = {}, json } = answer(one, asked);
    asked.push(one);
    response.writeHead(status, { "content-type": "application/json", ...given }).end(JSON.stringify(json));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  context.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url: `http://${host}`, host, asked };
}

/** Of a `secret_store` that is right. */
export function storeOf(settings: object, environment: Environment = {}): SecretStore {
  const values = new InfraValues({ environment, folder: ".", secrets: new Map() });
  const store = readSecretStore(settings, values, environment);
  if (store === undefined) throw new Error(values.problems.join("\n"));
  return store;
}
