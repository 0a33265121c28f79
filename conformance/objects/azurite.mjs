// Microsoft's own emulator of Azure Blob Storage, which verifies signatures: Azurite. `TENON_AZURITE` names the folder that it is installed in
// (`npm install --prefix DIR --ignore-scripts azurite@3.37.0`).
import { existsSync } from "node:fs";
import { join } from "node:path";
import { configureObjects } from "@tenon/runtime/objects";
import { sharedKeyAuthorization } from "../../packages/runtime/dist/objects/azure/shared-key.js";
import { ServerProcess } from "../harness/server-process.mjs";
import { buckets } from "./open-stores.mjs";

const program = join(process.env.TENON_AZURITE ?? "", "node_modules/azurite/dist/src/blob/main.js");
const account = "tenontest";
const accountKey = Buffer.from("a key that only tests know").toString("base64");

/** Why there is none; false: there is one. */
export const noAzurite = existsSync(program)
  ? false
  : "TENON_AZURITE does not name a folder that azurite is installed in";

/** Starts it, makes the buckets of the suite and lets this process use them. */
export async function openAzurite() {
  const { place, stop } = await startAzurite(buckets.map(({ name }) => name));
  const { endpoint } = place;
  const config = ({ name }) => ({
    store: "azure",
    ...place,
    bucketName: name,
    ...(name === "open" ? { publicBaseUrl: `${endpoint}/open` } : {}),
  });
  const configs = buckets.map((bucket) => [bucket.name, config(bucket)]);
  configureObjects(buckets, { kind: "remote", buckets: Object.fromEntries(configs) });
  return {
    async close() {
      configureObjects([], undefined);
      await stop();
    },
  };
}

/** Starts it and makes containers of these names. */
export async function startAzurite(names) {
  const server = await ServerProcess.start("azurite", {
    command: (port) => [
      process.execPath,
      program,
      "--blobHost",
      "127.0.0.1",
      "--blobPort",
      String(port),
      "--inMemoryPersistence",
      "--silent",
      "--disableTelemetry",
    ],
    env: { ...process.env, AZURITE_ACCOUNTS: `${account}:${accountKey}` },
    isReady: async (port) => (await fetch(`http://127.0.0.1:${port}/${account}`).catch(() => undefined)) !== undefined,
  });
  const endpoint = `http://127.0.0.1:${server.port}/${account}`;
  for (const name of names) await createContainer(endpoint, name);
  return { place: { endpoint, account, accountKey }, stop: () => server.stop() };
}

async function createContainer(endpoint, name) {
  const { pathname, origin } = new URL(endpoint);
  const path = `${pathname}/${name}`;
  const headers = { "x-ms-date": new Date().toUTCString(), "x-ms-version": "2021-12-02" };
  const query = { restype: "container" };
  const authorization = sharedKeyAuthorization(account, accountKey, {
    method: "PUT",
    path,
    query,
    headers,
    bodyBytes: 0,
  });
  const made = await fetch(`${origin}${path}?restype=container`, {
    method: "PUT",
    headers: { ...headers, authorization },
  });
  if (made.status !== 201) throw new Error(`the container ${name} was not made: ${made.status} ${await made.text()}`);
}
