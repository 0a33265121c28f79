// Keys of AWS from each of their sources, against a server that answers as their documentation has it (named in the files beside): asked for once by
// many, renewed in time, and kept as long as they hold.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, describe, it } from "node:test";
import { readText } from "../objects/http/store-connection.ts";
import { S3Client } from "../objects/s3/s3-client.ts";
import { type AnsweringServer, startAnsweringServer } from "./answering-server.test.support.ts";
import { awsCredentials, awsKeySource } from "./aws-credentials.ts";

const HOUR_MS = 3_600_000;
const keys = (id: string, holdsMs = HOUR_MS) => ({
  Code: "Success",
  AccessKeyId: id,
  SecretAccessKey: "s",
  Token: `token of ${id}`,
  Expiration: new Date(Date.now() + holdsMs).toISOString(),
});

let server: AnsweringServer;
let folder: string;
let tokenFile: string;
before(async () => {
  server = await startAnsweringServer();
  folder = mkdtempSync(join(tmpdir(), "tenon-aws-keys-"));
  tokenFile = join(folder, "token");
  writeFileSync(tokenFile, "of the pod\n");
});
beforeEach(() => {
  server.asked.length = 0;
});
after(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

describe("where the keys of AWS come from", () => {
  it("is the first place that the environment names", () => {
    const own = { AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b", AWS_SESSION_TOKEN: "c" };
    const pod = { AWS_ROLE_ARN: "arn:role", AWS_WEB_IDENTITY_TOKEN_FILE: "/token" };
    const container = { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: "/v2/credentials/1" };
    assert.deepEqual(awsKeySource({ ...own, ...pod, ...container }), {
      kind: "environment",
      keys: { accessKeyId: "a", secretAccessKey: "b", sessionToken: "c" },
    });
    assert.deepEqual(awsKeySource({ AWS_ACCESS_KEY_ID: "a", ...pod, ...container, AWS_REGION: "eu-west-1" }), {
      kind: "web-identity",
      identity: {
        roleArn: "arn:role",
        tokenFile: "/token",
        sessionName: "tenon",
        endpoint: "https://sts.eu-west-1.amazonaws.com",
      },
    });
    const url = "http://169.254.170.2/v2/credentials/1";
    assert.deepEqual(awsKeySource(container), { kind: "container", container: { url } });
    assert.deepEqual(awsKeySource({}), { kind: "instance", endpoint: "http://169.254.169.254" });
    const six = { AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE: "IPv6" };
    assert.deepEqual(awsKeySource(six), { kind: "instance", endpoint: "http://[fd00:ec2::254]" });
  });

  it("is told where there is none", () => {
    const code = "cloud_credentials_missing";
    assert.throws(() => awsKeySource({ AWS_EC2_METADATA_DISABLED: "true" }), {
      code,
      message: /none of AWS_ACCESS_KEY_ID/,
    });
    const plain = { AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://keys.example/x" };
    assert.throws(() => awsKeySource(plain), { code, message: /must be an https:/ });
  });
});

describe("keys of a container's role", () => {
  it("are asked for once by many, with the token of the file", async () => {
    const environment = {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `${server.url}/keys`,
      AWS_CONTAINER_AUTHORIZATION_TOKEN: "other",
      AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: tokenFile,
    };
    server.answer = () => ({ body: keys("one") });
    const all = await Promise.all([1, 2, 3].map(() => awsCredentials(environment)()));
    assert.deepEqual(all[2], { accessKeyId: "one", secretAccessKey: "s", sessionToken: "token of one" });
    await awsCredentials(environment)();
    assert.deepEqual(
      server.asked.map(({ headers }) => headers["authorization"]),
      ["of the pod"],
    );
  });

  it("are renewed before they run out, and kept while that fails", async () => {
    const current = awsCredentials({ AWS_CONTAINER_CREDENTIALS_FULL_URI: `${server.url}/keys` });
    server.answer = () => ({ body: keys("one", 60_000) });
    assert.equal((await current()).accessKeyId, "one");
    server.answer = () => ({ status: 500 });
    assert.equal((await current()).accessKeyId, "one");
    server.answer = () => ({ body: keys("two") });
    assert.equal((await current()).accessKeyId, "two");
  });

  it("are an error where the file of the token is not there", async () => {
    const tokenFile = join(folder, "absent");
    const environment = {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `${server.url}/keys`,
      AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: tokenFile,
    };
    await assert.rejects(awsCredentials(environment)(), { code: "cloud_credentials_missing", message: /ENOENT/ });
  });

  it("are an error where there are none", async () => {
    const environment = { AWS_CONTAINER_CREDENTIALS_FULL_URI: `${server.url}/keys?secret=1` };
    server.answer = () => ({ status: 403, body: "no role\n for this task" });
    await assert.rejects(awsCredentials(environment)(), {
      code: "cloud_credentials_unavailable",
      message: `no keys of the container's role: GET ${server.url}/keys: status 403: no role for this task`,
    });
    assert.equal(server.asked.length, 3);
    server.answer = () => ({ body: { Code: "AssumeRoleUnauthorizedAccess" } });
    await assert.rejects(
      awsCredentials(environment)(),
      /no keys in the answer of http:[^?]+ \(AssumeRoleUnauthorizedAccess\)/,
    );
  });
});

describe("keys of a Kubernetes service account", () => {
  const environment = () => ({
    AWS_ROLE_ARN: "arn:aws:iam::1:role/shop",
    AWS_WEB_IDENTITY_TOKEN_FILE: tokenFile,
    AWS_ENDPOINT_URL_STS: server.url,
  });

  it("are exchanged for its token", async () => {
    server.answer = () => ({
      headers: { "content-type": "text/xml" },
      body: `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult>
        <SubjectFromWebIdentityToken>system:serviceaccount:shop:shop</SubjectFromWebIdentityToken>
        <AssumedRoleUser><Arn>arn:aws:sts::1:assumed-role/shop/tenon</Arn><AssumedRoleId>A:tenon</AssumedRoleId></AssumedRoleUser>
        <Credentials><SessionToken>t&amp;t</SessionToken><SecretAccessKey>s</SecretAccessKey>
        <Expiration>${new Date(Date.now() + HOUR_MS).toISOString()}</Expiration><AccessKeyId>one</AccessKeyId></Credentials>
        </AssumeRoleWithWebIdentityResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></AssumeRoleWithWebIdentityResponse>`,
    });
    const current = awsCredentials(environment());
    assert.deepEqual(await current(), { accessKeyId: "one", secretAccessKey: "s", sessionToken: "t&t" });
    await current();
    assert.equal(server.asked.length, 1);
    const [{ method, path, headers, body }] = server.asked as [(typeof server.asked)[0]];
    assert.equal(`${method} ${path}`, "POST /");
    assert.match(String(headers["content-type"]), /^application\/x-www-form-urlencoded/);
    assert.deepEqual(Object.fromEntries(new URLSearchParams(body.toString())), {
      Action: "AssumeRoleWithWebIdentity",
      Version: "2011-06-15",
      RoleArn: "arn:aws:iam::1:role/shop",
      RoleSessionName: "tenon",
      WebIdentityToken: "of the pod",
    });
  });

  it("are refused with what the service said, and never with the token", async () => {
    const body =
      "<ErrorResponse><Error><Code>AccessDenied</Code><Message>Not authorized</Message></Error></ErrorResponse>";
    server.answer = () => ({ status: 403, body });
    const error = (await awsCredentials(environment())().catch((thrown: Error) => thrown)) as Error;
    assert.match(
      error.message,
      /^no keys of the role arn:aws:iam::1:role\/shop: POST .*AccessDenied.*trust this service account/,
    );
    assert.doesNotMatch(error.message, /of the pod/);
    server.answer = () => ({ body: "no xml" });
    await assert.rejects(awsCredentials(environment())(), /no keys in the answer/);
    const absent = { ...environment(), AWS_WEB_IDENTITY_TOKEN_FILE: join(folder, "absent") };
    await assert.rejects(awsCredentials(absent)(), { code: "cloud_credentials_missing", message: /ENOENT/ });
  });
});

describe("keys of an EC2 machine", () => {
  const roles = "/latest/meta-data/iam/security-credentials/";

  it("are asked for within a session", async () => {
    server.answer = ({ path, method }) => {
      if (method === "PUT" && path === "/latest/api/token") return { body: "session" };
      return path === roles ? { body: "shop role" } : { body: keys("one") };
    };
    const current = awsCredentials({ AWS_EC2_METADATA_SERVICE_ENDPOINT: `${server.url}/` });
    assert.equal((await current()).accessKeyId, "one");
    const [first, second, third] = server.asked;
    assert.equal(first?.headers["x-aws-ec2-metadata-token-ttl-seconds"], "60");
    assert.deepEqual([second?.path, third?.path], [roles, `${roles}shop%20role`]);
    for (const { headers } of [second!, third!]) assert.equal(headers["x-aws-ec2-metadata-token"], "session");
  });

  it("are an error where the machine has no role", async () => {
    server.answer = ({ method }) => (method === "PUT" ? { body: "session" } : { status: 404 });
    const environment = { AWS_EC2_METADATA_SERVICE_ENDPOINT: server.url };
    await assert.rejects(
      awsCredentials(environment)(),
      /no keys of the machine's role: .* status 404; has the machine/,
    );
    server.answer = ({ method }) => ({ body: method === "PUT" ? "session" : "" });
    await assert.rejects(awsCredentials(environment)(), /names no role/);
  });
});

it("requests and URLs of buckets are signed with the keys of the process", async () => {
  const name = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
  const before = Object.entries(process.env).filter(([key]) => key.startsWith("AWS_"));
  for (const [key] of before) delete process.env[key];
  process.env[name] = `${server.url}/signing`;
  try {
    server.answer = ({ path }) => (path === "/signing" ? { body: keys("one") } : {});
    const client = new S3Client({ endpoint: server.url, region: "r", bucketName: "bucket", keysFrom: "environment" });
    await readText(await client.send({ method: "GET", key: "k" }));
    const { headers } = server.asked.at(-1)!;
    assert.match(`${headers["authorization"]} ${headers["x-amz-security-token"]}`, /Credential=one\/.* token of one$/);
    const url = new URL(await client.presign("GET", "k", { ttlSeconds: 60, query: {}, headers: {} }));
    assert.equal(url.searchParams.get("X-Amz-Security-Token"), "token of one");
    assert.equal(server.asked.filter(({ path }) => path === "/signing").length, 1);
  } finally {
    delete process.env[name];
    for (const [key, value] of before) process.env[key] = value;
  }
});
