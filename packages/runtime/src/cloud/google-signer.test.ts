// Who signs for a process at Google Cloud, as Google documents it; no service of Google was asked.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { googleSigner } from "./google-signer.ts";

interface Asked {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: string;
}

/** Google's metadata server and its IAM service in one. */
async function google(context: TestContext, iamStatus = 200) {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const { url: path = "", headers } = request;
    asked.push({ path, authorization: headers.authorization, body: Buffer.concat(chunks).toString() });
    if (path.endsWith("/email")) response.end("shop@shop-1.iam.gserviceaccount.com\n");
    else if (path.includes("/token")) response.end(JSON.stringify({ access_token: "the token", expires_in: 3600 }));
    else {
      const signedBlob = Buffer.from("signed").toString("base64");
      response.writeHead(iamStatus).end(JSON.stringify(iamStatus === 200 ? { keyId: "1", signedBlob } : { error: {} }));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  context.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { host, url: `http://${host}`, asked };
}

test("Google signs for the account of a machine, which is asked for once", async (context) => {
  const { host, url, asked } = await google(context);
  const signer = googleSigner({ GCE_METADATA_HOST: host, HOME: "/nonexistent" }, url);
  for (let i = 0; i < 2; i++) {
    const { email, sign } = await signer();
    assert.equal(email, "shop@shop-1.iam.gserviceaccount.com");
    assert.equal((await sign("a text")).toString(), "signed");
  }
  assert.equal(asked.filter(({ path }) => path.endsWith("/email")).length, 1);
  const signing = asked.filter(({ path }) => path.endsWith(":signBlob"));
  assert.equal(signing.length, 2);
  assert.equal(signing[0]?.path, "/v1/projects/-/serviceAccounts/shop%40shop-1.iam.gserviceaccount.com:signBlob");
  assert.equal(signing[0]?.authorization, "Bearer the token");
  assert.deepEqual(JSON.parse(signing[0]!.body), { payload: Buffer.from("a text").toString("base64") });
});

test("a refusal says which role is missing", async (context) => {
  const { host, url } = await google(context, 403);
  const { sign } = await googleSigner({ GCE_METADATA_HOST: host, HOME: "/nonexistent" }, url)();
  await assert.rejects(sign("a text"), /signature of shop@shop-1.*status 403.*serviceAccountTokenCreator/s);
});

test("a key that is none is told as such", async (context) => {
  const folder = await mkdtemp(join(tmpdir(), "tenon-signer-"));
  context.after(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, "account.json");
  await writeFile(file, JSON.stringify({ type: "service_account", client_email: "a@b", private_key: "none" }));
  const { sign } = await googleSigner({ GOOGLE_APPLICATION_CREDENTIALS: file })();
  await assert.rejects(sign("a text"), { code: "cloud_credentials_missing", message: /is no private key in PEM$/ });
});

test("a person's credentials sign nothing", async (context) => {
  const folder = await mkdtemp(join(tmpdir(), "tenon-signer-"));
  context.after(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, "person.json");
  await writeFile(
    file,
    JSON.stringify({ type: "authorized_user", client_id: "c", client_secret: "s", refresh_token: "r" }),
  );
  const signer = googleSigner({ GOOGLE_APPLICATION_CREDENTIALS: file });
  await assert.rejects(
    signer(),
    /person\.json: credentials of type "authorized_user" without a service account cannot sign URLs/,
  );
});
