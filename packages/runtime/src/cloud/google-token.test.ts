// Tokens of Google from each of their sources, against a server that answers as their documentation has it (named in the files beside).
import assert from "node:assert/strict";
import { generateKeyPairSync, verify } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, describe, it } from "node:test";
import { type AnsweringServer, startAnsweringServer } from "./answering-server.test.support.ts";
import { GOOGLE_CLOUD_SCOPE } from "./google/cloud-scope.ts";
import { googleIdentityToken } from "./google-identity-token.ts";
import { googleToken } from "./google-token.ts";

const SCOPE = "https://www.googleapis.com/auth/monitoring.write";
const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const pem = privateKey.export({ type: "pkcs8", format: "pem" });

let server: AnsweringServer;
let folder: string;
let files = 0;
before(async () => {
  server = await startAnsweringServer();
  folder = mkdtempSync(join(tmpdir(), "tenon-google-"));
});
beforeEach(() => {
  server.asked.length = 0;
  server.answer = () => ({ body: { access_token: "given", expires_in: 3599, token_type: "Bearer" } });
});
after(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

function write(content: unknown): string {
  const file = join(folder, `${files++}.json`);
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  return file;
}
const forFile = (content: unknown) => googleToken({ GOOGLE_APPLICATION_CREDENTIALS: write(content) }, SCOPE);
const formOf = ({ body }: { readonly body: Buffer } = { body: Buffer.alloc(0) }) =>
  Object.fromEntries(new URLSearchParams(body.toString()));
const account = () => ({
  type: "service_account",
  client_email: "shop@project.iam.gserviceaccount.com",
  private_key_id: "k1",
  private_key: pem,
  token_uri: `${server.url}/token`,
});

/** The claims, once the signature is found right. */
function claimsOf(assertion: string): Record<string, unknown> {
  const [head = "", claims = "", signature = ""] = assertion.split(".");
  assert.deepEqual(JSON.parse(Buffer.from(head, "base64url").toString()), { alg: "RS256", typ: "JWT", kid: "k1" });
  assert.ok(verify("RSA-SHA256", Buffer.from(`${head}.${claims}`), publicKey, Buffer.from(signature, "base64url")));
  return JSON.parse(Buffer.from(claims, "base64url").toString()) as Record<string, unknown>;
}

describe("access tokens of Google", () => {
  it("come from the metadata server, once for all who ask for the same scope", async () => {
    const environment = { GCE_METADATA_HOST: new URL(server.url).host, CLOUDSDK_CONFIG: folder };
    const tokens = await Promise.all([1, 2].map(() => googleToken(environment, SCOPE)()));
    assert.deepEqual(tokens, ["given", "given"]);
    assert.equal(server.asked.length, 1);
    const [{ path, headers }] = server.asked as [(typeof server.asked)[0]];
    assert.equal(headers["metadata-flavor"], "Google");
    assert.equal(
      path,
      `/computeMetadata/v1/instance/service-accounts/default/token?scopes=${encodeURIComponent(SCOPE)}`,
    );
    await googleToken(environment, GOOGLE_CLOUD_SCOPE)();
    assert.equal(server.asked.length, 2);
  });

  it("come from the metadata server where the file of gcloud cannot be read", async () => {
    const config = join(folder, "unreadable");
    mkdirSync(join(config, "application_default_credentials.json"), { recursive: true });
    const environment = { GCE_METADATA_HOST: new URL(server.url).host, CLOUDSDK_CONFIG: config };
    assert.equal(await googleToken(environment, SCOPE)(), "given");
    assert.match(server.asked[0]?.path ?? "", /^\/computeMetadata\//);
  });

  it("are had by the key of a service account", async () => {
    assert.equal(await forFile(account())(), "given");
    const { grant_type: grant, assertion } = formOf(server.asked[0]);
    assert.equal(grant, "urn:ietf:params:oauth:grant-type:jwt-bearer");
    const { iss, scope, aud, iat, exp } = claimsOf(assertion ?? "");
    assert.deepEqual([iss, scope, aud], ["shop@project.iam.gserviceaccount.com", SCOPE, `${server.url}/token`]);
    assert.equal(Number(exp) - Number(iat), 3600);
  });

  it("are had by a person's refresh token, also from where gcloud keeps it", async () => {
    const person = {
      type: "authorized_user",
      client_id: "c",
      client_secret: "s",
      refresh_token: "r",
      token_uri: server.url,
    };
    const config = join(folder, "gcloud");
    mkdirSync(config);
    writeFileSync(join(config, "application_default_credentials.json"), JSON.stringify(person));
    assert.equal(await googleToken({ CLOUDSDK_CONFIG: config }, SCOPE)(), "given");
    const form = { grant_type: "refresh_token", client_id: "c", client_secret: "s", refresh_token: "r" };
    assert.deepEqual(formOf(server.asked[0]), form);
  });

  it("are exchanged for the token of another place, from a file or a URL, and for another account", async () => {
    const external = {
      type: "external_account",
      audience: "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/q",
      subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
      token_url: `${server.url}/sts`,
    };
    assert.equal(await forFile({ ...external, credential_source: { file: write("theirs\n") } })(), "given");
    assert.deepEqual(formOf(server.asked[0]), {
      grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
      audience: external.audience,
      scope: SCOPE,
      requested_token_type: "urn:ietf:params:oauth:token-type:access_token",
      subject_token: "theirs",
      subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
    });
    server.asked.length = 0;
    const expireTime = new Date(Date.now() + 3_600_000).toISOString();
    server.answer = ({ path }) => {
      if (path === "/subject") return { body: { id_token: "from the URL" } };
      return {
        body: path === "/sts" ? { access_token: "exchanged", expires_in: 3600 } : { accessToken: "acting", expireTime },
      };
    };
    const format = { type: "json", subject_token_field_name: "id_token" };
    const source = { url: `${server.url}/subject`, headers: { "x-own": "1" }, format };
    const impersonating = {
      ...external,
      credential_source: source,
      service_account_impersonation_url: `${server.url}/act`,
    };
    assert.equal(await forFile(impersonating)(), "acting");
    const [subject, exchange, act] = server.asked;
    assert.equal(subject?.headers["x-own"], "1");
    assert.deepEqual(
      [formOf(exchange)["subject_token"], formOf(exchange)["scope"]],
      ["from the URL", GOOGLE_CLOUD_SCOPE],
    );
    assert.equal(act?.headers["authorization"], "Bearer exchanged");
    assert.deepEqual(JSON.parse(act?.body.toString() ?? ""), { scope: [SCOPE] });
  });

  it("are those of an account that another one may act as", async () => {
    const expireTime = new Date(Date.now() + 3_600_000).toISOString();
    server.answer = ({ path }) =>
      path === "/act"
        ? { body: { accessToken: "acting", expireTime } }
        : { body: { access_token: "own", expires_in: 60 } };
    const acting = { type: "impersonated_service_account", source_credentials: account() };
    assert.equal(await forFile({ ...acting, service_account_impersonation_url: `${server.url}/act` })(), "acting");
    assert.equal(server.asked.at(-1)?.headers["authorization"], "Bearer own");
  });

  it("say what was tried, and no secret", async () => {
    const missing = "cloud_credentials_missing";
    await assert.rejects(forFile("{")(), { code: missing, message: /holds no JSON object/ });
    await assert.rejects(forFile({ type: "gdch_service_account" })(), { code: missing, message: /are not supported/ });
    const broken = { ...account(), private_key: "not a key" };
    await assert.rejects(forFile(broken)(), { code: missing, message: /"private_key" is no private key in PEM$/ });
    await assert.rejects(forFile({ type: "authorized_user" })(), {
      code: missing,
      message: /"client_id" must be a text/,
    });
    const named = { GOOGLE_APPLICATION_CREDENTIALS: join(folder, "absent.json") };
    await assert.rejects(googleToken(named, SCOPE)(), { code: missing, message: /can't be read: ENOENT/ });
    server.answer = () => ({ status: 400, body: { error: "invalid_grant" } });
    const refused = (await forFile(account())().catch((error: Error) => error)) as Error;
    assert.match(
      refused.message,
      /^no access token of Google for shop@.*: POST .*\/token: status 400: .*invalid_grant/,
    );
    assert.doesNotMatch(refused.message, /PRIVATE KEY/);
  });
});

describe("identity tokens of Google", () => {
  const AUDIENCE = "https://orders.example";
  const token = (seconds: number) =>
    `head.${Buffer.from(JSON.stringify({ exp: Date.now() / 1000 + seconds })).toString("base64url")}.signature`;

  it("come from the metadata server, and are kept while they hold", async () => {
    const environment = { GCE_METADATA_HOST: new URL(server.url).host, CLOUDSDK_CONFIG: folder };
    const lasting = token(3600);
    server.answer = () => ({ body: `${lasting}\n` });
    const current = googleIdentityToken(environment, AUDIENCE);
    assert.deepEqual([await current(), await current()], [lasting, lasting]);
    assert.equal(server.asked.length, 1);
    assert.match(server.asked[0]?.path ?? "", /\/default\/identity\?audience=https%3A%2F%2Forders\.example$/);
  });

  it("are had by the key of a service account", async () => {
    const given = token(3600);
    server.answer = () => ({ body: { id_token: given } });
    const environment = { GOOGLE_APPLICATION_CREDENTIALS: write(account()) };
    assert.equal(await googleIdentityToken(environment, AUDIENCE)(), given);
    assert.equal(claimsOf(formOf(server.asked[0])["assertion"] ?? "")["target_audience"], AUDIENCE);
  });
});
