// Tokens of Azure from each of their sources, against a server that answers as their documentation has it (named in the files beside).
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, describe, it } from "node:test";
import { type AnsweringServer, startAnsweringServer } from "./answering-server.test.support.ts";
import { azureToken } from "./azure-token.ts";

const RESOURCE = "https://vault.azure.net";
let server: AnsweringServer;
let folder: string;
before(async () => {
  server = await startAnsweringServer();
  folder = mkdtempSync(join(tmpdir(), "tenon-azure-"));
});
beforeEach(() => {
  server.asked.length = 0;
  server.answer = () => ({ body: { access_token: "given", expires_in: 3599, token_type: "Bearer" } });
});
after(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

const client = () => ({ AZURE_CLIENT_ID: "c", AZURE_TENANT_ID: "t", AZURE_AUTHORITY_HOST: `${server.url}/` });
const form = () => Object.fromEntries(new URLSearchParams(server.asked[0]?.body.toString()));

describe("access tokens of Azure", () => {
  it("are had by a client's secret, once for all who ask for the same resource", async () => {
    const environment = { ...client(), AZURE_CLIENT_SECRET: "s", IDENTITY_ENDPOINT: server.url, IDENTITY_HEADER: "h" };
    const tokens = [azureToken(environment, RESOURCE)(), azureToken(environment, `${RESOURCE}/`)()];
    assert.deepEqual(await Promise.all(tokens), ["given", "given"]);
    assert.equal(server.asked.length, 1);
    assert.equal(server.asked[0]?.path, "/t/oauth2/v2.0/token");
    const asked = {
      grant_type: "client_credentials",
      client_id: "c",
      scope: `${RESOURCE}/.default`,
      client_secret: "s",
    };
    assert.deepEqual(form(), asked);
  });

  it("are had by the token of a Kubernetes service account", async () => {
    const tokenFile = join(folder, "token");
    writeFileSync(tokenFile, "of the pod\n");
    assert.equal(await azureToken({ ...client(), AZURE_FEDERATED_TOKEN_FILE: tokenFile }, RESOURCE)(), "given");
    assert.deepEqual(form(), {
      grant_type: "client_credentials",
      client_id: "c",
      scope: `${RESOURCE}/.default`,
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      client_assertion: "of the pod",
    });
  });

  it("come from the endpoint that App Service and Container Apps name", async () => {
    const endsAt = Math.floor(Date.now() / 1000) + 3600;
    server.answer = () => ({ body: { access_token: "given", expires_on: String(endsAt), resource: RESOURCE } });
    const environment = { IDENTITY_ENDPOINT: `${server.url}/msi/token`, IDENTITY_HEADER: "h", AZURE_CLIENT_ID: "c" };
    const current = azureToken(environment, RESOURCE);
    assert.deepEqual([await current(), await current()], ["given", "given"]);
    assert.equal(server.asked.length, 1);
    const [{ path, headers }] = server.asked as [(typeof server.asked)[0]];
    assert.equal(headers["x-identity-header"], "h");
    assert.equal(path, "/msi/token?api-version=2019-08-01&resource=https%3A%2F%2Fvault.azure.net&client_id=c");
  });

  it("come from the machine, which gives numbers as texts", async () => {
    const endsAt = Math.floor(Date.now() / 1000) + 3600;
    server.answer = () => ({ body: { access_token: "given", expires_in: "1", expires_on: String(endsAt) } });
    const current = azureToken({ AZURE_POD_IDENTITY_AUTHORITY_HOST: server.url }, RESOURCE);
    assert.deepEqual([await current(), await current()], ["given", "given"]);
    assert.equal(server.asked.length, 1);
    const [{ path, headers }] = server.asked as [(typeof server.asked)[0]];
    assert.equal(headers["metadata"], "true");
    assert.match(path, /^\/metadata\/identity\/oauth2\/token\?api-version=2018-02-01&resource=https%3A%2F%2Fvault/);
  });

  it("that the machine has kept since long ago end when they end", async () => {
    const endsAt = Math.floor(Date.now() / 1000) - 1;
    server.answer = () => ({ body: { access_token: "given", expires_in: "86399", expires_on: String(endsAt) } });
    const current = azureToken({ AZURE_POD_IDENTITY_AUTHORITY_HOST: server.url }, RESOURCE);
    await current();
    await current();
    assert.equal(server.asked.length, 2);
  });

  it("say what was tried, and no secret", async () => {
    server.answer = () => ({ status: 401, body: { error: "invalid_client", error_description: "AADSTS7000215" } });
    const environment = { ...client(), AZURE_CLIENT_SECRET: "hidden" };
    const refused = (await azureToken(environment, RESOURCE)().catch((error: Error) => error)) as Error;
    assert.match(
      refused.message,
      /^no access token of Azure for the client c: POST .*\/token: status 401: .*AADSTS7000215/,
    );
    assert.doesNotMatch(refused.message, /hidden/);
    const absent = { ...client(), AZURE_FEDERATED_TOKEN_FILE: join(folder, "absent") };
    await assert.rejects(azureToken(absent, RESOURCE)(), { code: "cloud_credentials_missing", message: /ENOENT/ });
  });
});
