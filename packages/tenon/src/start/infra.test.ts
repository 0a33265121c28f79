// infra.json is read whole: every problem is told at once, and nothing it says is ignored.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { InfraError, readInfra } from "./infra.ts";

async function write(content: unknown): Promise<string> {
  const file = join(await mkdtemp(join(tmpdir(), "tenon-infra-")), "infra.json");
  await writeFile(file, typeof content === "string" ? content : JSON.stringify(content));
  return file;
}

async function problemsOf(content: unknown, environment: Record<string, string> = {}): Promise<string> {
  const file = await write(content);
  const error: unknown = await readInfra(file, environment).then(
    () => assert.fail("was accepted"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof InfraError);
  return error.message;
}

test("databases, secrets, services and the key are resolved, also from the environment", async () => {
  const file = await write({
    sql_servers: [
      {
        host: "db.internal:5433",
        tls_config: { disabled: true },
        databases: {
          users: { username: "u ser", password: { $env: "PW" }, max_connections: 7 },
          orders: { name: "o", username: "x" },
        },
      },
    ],
    secrets: { Key: "plain", Token: { $env: "TOKEN" } },
    service_discovery: { users: { base_url: "http://users:9000/" } },
    auth: [{ type: "key", id: 1, key: { $env: "CALL_KEY" } }],
    graceful_shutdown: { total: 3 },
    metadata: { app_id: "shop" },
  });
  const infra = await readInfra(file, { PW: "p@ss/word", TOKEN: "t", CALL_KEY: "0123456789abcdef" });
  assert.deepEqual(infra, {
    databases: {
      users: { connectionString: "postgres://u%20ser:p%40ss%2Fword@db.internal:5433/users", maxConnections: 7 },
      orders: { connectionString: "postgres://x@db.internal:5433/o" },
    },
    secrets: { Key: "plain", Token: "t" },
    services: { users: "http://users:9000" },
    credential: "0123456789abcdef",
    shutdownTimeoutMs: 3000,
    environment: {},
    apiBaseUrl: undefined,
    appId: "shop",
    messaging: undefined,
    objects: undefined,
    caches: {},
  });
});

test("a value may be the content of a file, named from where infra.json is", async () => {
  const file = await write({ secrets: { Key: { $file: "key.txt" }, Gone: { $file: "gone.txt" } } });
  await writeFile(join(dirname(file), "key.txt"), "from a file\n");
  await assert.rejects(readInfra(file, {}), /secrets\.Gone: ENOENT/);
  await writeFile(join(dirname(file), "gone.txt"), "here");
  assert.deepEqual((await readInfra(file, {})).secrets, { Key: "from a file", Gone: "here" });
});

test("metadata tells the app where it runs", async () => {
  const metadata = {
    app_id: "shop",
    env_name: "eu",
    env_type: "ephemeral",
    cloud: "gcp",
    base_url: "https://api.shop",
  };
  const infra = await readInfra(await write({ metadata }), {});
  assert.deepEqual(infra.environment, { name: "eu", type: "ephemeral", cloud: "gcp" });
  assert.equal(infra.apiBaseUrl, "https://api.shop");
});

test("TLS is verified unless it is switched off", async () => {
  const file = await write({ sql_servers: [{ host: "db", databases: { users: { username: "u" } } }] });
  const infra = await readInfra(file, {});
  assert.equal(infra.databases["users"]?.connectionString, "postgres://u@db/users?sslmode=verify-full");
});

test("certificates for PostgreSQL become files that every library can read, in the connection string", async () => {
  const pem = (what: string): string => `-----BEGIN ${what}-----\nAAAA\n-----END ${what}-----`;
  const file = await write({
    sql_servers: [
      {
        host: "db",
        tls_config: { ca: { $env: "CA" }, client_cert: { cert: pem("CERTIFICATE"), key: { $file: "client.key" } } },
        databases: {
          users: { username: "u" },
          orders: { username: "o", client_cert: { cert: pem("CERTIFICATE"), key: { $env: "ORDERS_KEY" } } },
        },
      },
      { host: "near", tls_config: { disable_ca_validation: true }, databases: { near: { username: "n" } } },
      {
        host: "old",
        tls_config: { ca: { $file: "ca.pem" }, disable_tls_hostname_verification: true },
        databases: { old: { username: "x" } },
      },
    ],
  });
  await writeFile(join(dirname(file), "client.key"), pem("PRIVATE KEY"));
  await writeFile(join(dirname(file), "ca.pem"), pem("CERTIFICATE"));
  const { databases } = await readInfra(file, { CA: pem("CERTIFICATE"), ORDERS_KEY: pem("PRIVATE KEY 2") });
  const parametersOf = (name: string) => Object.fromEntries(new URL(databases[name]!.connectionString).searchParams);
  const users = parametersOf("users");
  assert.equal(users["sslmode"], "verify-full");
  assert.equal(users["sslkey"], join(dirname(file), "client.key"));
  assert.match(await readFile(users["sslrootcert"]!, "utf8"), /BEGIN CERTIFICATE/);
  assert.equal((await stat(users["sslrootcert"]!)).mode & 0o077, 0, "nobody else can read it");
  assert.match(await readFile(parametersOf("orders")["sslkey"]!, "utf8"), /PRIVATE KEY 2/);
  assert.deepEqual(parametersOf("near"), { sslmode: "no-verify" });
  const ca = join(dirname(file), "ca.pem");
  assert.deepEqual(parametersOf("old"), { uselibpqcompat: "true", sslmode: "verify-ca", sslrootcert: ca });
  const wrong = await problemsOf({
    sql_servers: [
      { host: "db", tls_config: { ca: "a path?", color: 1 }, databases: { a: { username: "u" } } },
      { host: "db", tls_config: { disable_tls_hostname_verification: true }, databases: { b: { username: "u" } } },
    ],
  });
  for (const part of ["tls_config.ca must be a PEM", "tls_config.color is not", "verification needs tls_config.ca"])
    assert.match(wrong, new RegExp(part.replaceAll(".", "\\.")));
});

test("certificates that were written down go with the process", async () => {
  const pem = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----";
  const server = { host: "db", tls_config: { ca: pem }, databases: { a: { username: "u" }, b: { username: "u" } } };
  const file = await write({ sql_servers: [server] });
  const folder = await mkdtemp(join(tmpdir(), "tenon-infra-"));
  const module = new URL(import.meta.url.endsWith(".ts") ? "./infra.ts" : "./infra.js", import.meta.url).href;
  const script = `
    import { readInfra } from ${JSON.stringify(module)};
    import { readdirSync } from "node:fs";
    await readInfra(${JSON.stringify(file)}, {});
    console.log(readdirSync(${JSON.stringify(folder)}, { recursive: true }).filter((name) => name.endsWith("pem")).length);`;
  const args = [...process.execArgv.filter((arg) => !arg.startsWith("--test")), "--input-type=module", "-e", script];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env: { ...process.env, TMPDIR: folder } });
  assert.equal(stdout.trim(), "2");
  assert.deepEqual(await readdir(folder), []);
});

test("a folder of objects begins where the file is", async () => {
  const files = { type: "files", base_url: "https://a", signing_key: "0123456789abcdef" };
  const file = await write({ object_storage: [{ ...files, directory: "objects" }] });
  const { objects } = await readInfra(file, {});
  assert.equal(objects?.kind === "files" && objects.directory, join(dirname(file), "objects"));
});

test("a store is where its region is", async () => {
  const keys = { access_key_id: "k", secret_access_key: "s" };
  const store = (region: string, name: string) => ({ type: "s3", region, ...keys, buckets: { [name]: {} } });
  const file = await write({ object_storage: [store("eu-west-1", "here"), store("cn-north-1", "there")] });
  const { objects } = await readInfra(file, {});
  assert.equal(objects?.kind, "remote");
  const endpoints = Object.values(objects.buckets).map(({ endpoint }) => endpoint);
  assert.deepEqual(endpoints, ["https://s3.eu-west-1.amazonaws.com", "https://s3.cn-north-1.amazonaws.com.cn"]);
});

test("hosts, addresses and numbers that are none are told", async () => {
  const databases = { a: { username: "u", max_connections: "20" }, b: { username: "u", max_connections: 0 } };
  const s3 = { type: "s3", region: "r", access_key_id: "k", secret_access_key: "s" };
  const message = await problemsOf({
    sql_servers: [
      { host: "postgres://db:x", databases },
      { host: "db:99999", databases: { c: { username: "u" } } },
    ],
    object_storage: [{ ...s3, endpoint: "minio:9000" }],
  });
  for (const part of [
    "sql_servers[0].host must be a host with or without a port",
    "sql_servers[1].host must be a host with or without a port",
    "databases.a.max_connections must be a whole number of at least 1",
    "databases.b.max_connections must be a whole number of at least 1",
    'object_storage[0].endpoint must be an http:// or https:// URL, got "minio:9000"',
  ])
    assert.ok(message.includes(part), `${part}\nis not in\n${message}`);
});

test("secrets may come from one variable with a JSON object", async () => {
  const infra = await readInfra(await write({ secrets: { $env: "ALL" } }), { ALL: '{"A":"1"}' });
  assert.deepEqual(infra.secrets, { A: "1" });
});

test("all problems are told at once", async () => {
  const message = await problemsOf({
    pubsub: [{ type: "kafka" }],
    kafka: {},
    sql_servers: [{ host: 5, databases: { a: { username: { $env: "NOPE" }, colour: "red" } } }],
    service_discovery: { b: { base_url: "users:80" } },
    auth: [{ type: "magic", key: "short" }],
    secrets: { S: 1 },
    object_storage: [{ type: "files", directory: "/objects", base_url: "https://a", signing_key: "" }],
  });
  for (const part of [
    'pubsub[0].type must be "postgres", "nats", "redis"',
    '"kafka" is not supported',
    "sql_servers[0].host must be a string",
    "databases.a.username: the environment variable NOPE is not set",
    "databases.a.colour is not supported",
    "service_discovery.b.base_url must begin with http://",
    'auth[0].type must be "key"',
    "auth[0].key must have at least 16 characters",
    "secrets.S must be a string",
    "object_storage[0].signing_key must have at least 16 characters",
  ]) {
    assert.ok(message.includes(part), `${part}\nis not in\n${message}`);
  }
});

test("the content may come in place of the name of a file", async () => {
  const content = { secrets: { Key: { $env: "KEY" } }, graceful_shutdown: { total: 9 } };
  const infra = await readInfra(`\n${JSON.stringify(content)}`, { KEY: "value" });
  assert.deepEqual(infra.secrets, { Key: "value" });
  assert.equal(infra.shutdownTimeoutMs, 9000);
  await assert.rejects(readInfra('{"secrets": 1}', {}), {
    message: /^TENON_INFRA can't be used:\n {2}- secrets must be/,
  });
  await assert.rejects(readInfra('{"secrets"', {}), { message: /^TENON_INFRA can't be used/ });
});

test("a store without keys has those of the environment, else those of the role, and says where it leads nowhere", async () => {
  const file = await write({ object_storage: [{ type: "s3", region: "r", buckets: { files: {} } }] });
  const read = async (environment: Record<string, string>) => {
    const { objects, notices } = await readInfra(file, environment);
    assert.equal(objects?.kind, "remote");
    const { accessKeyId, keysFrom } = objects.buckets["files"] as { accessKeyId?: string; keysFrom?: string };
    return { accessKeyId, keysFrom, notices };
  };
  const role = { accessKeyId: undefined, keysFrom: "environment", notices: undefined };
  const container = { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: "/v2/credentials/1" };
  assert.deepEqual(await read(container), role);
  assert.deepEqual(await read({ AWS_ROLE_ARN: "arn:r", AWS_WEB_IDENTITY_TOKEN_FILE: "/t" }), role);
  const own = { AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b" };
  assert.deepEqual(await read({ ...own, ...container }), { accessKeyId: "a", keysFrom: undefined, notices: undefined });
  const { notices, ...machine } = await read({});
  assert.deepEqual(machine, { accessKeyId: undefined, keysFrom: "environment" });
  assert.match(notices?.join() ?? "", /^object_storage\[0\] has no access_key_id .* of the EC2 machine/);
  await assert.rejects(
    readInfra(file, { AWS_EC2_METADATA_DISABLED: "true" }),
    /object_storage\[0\]: no keys for AWS: none of/,
  );
});

test("a file that is missing or no JSON is told", async () => {
  assert.match(await problemsOf("{"), /JSON/);
  await assert.rejects(readInfra("/nowhere/infra.json", {}), /ENOENT/);
});

test("each cache cluster has a server, with credentials and TLS", async () => {
  const file = await write({
    redis: {
      main: {
        host: "cache.internal",
        auth: { type: "acl", username: "app", password: { $env: "PW" } },
        tls_config: { disable_tls_hostname_verification: true },
        max_connections: 10,
      },
      limits: {
        host: "[::1]:7000",
        database_index: 3,
        key_prefix: "limits:",
        auth: { type: "auth_string", auth_string: "s" },
        tls_config: { disabled: true },
      },
    },
  });
  assert.deepEqual((await readInfra(file, { PW: "p" })).caches, {
    main: { host: "cache.internal", port: 6379, username: "app", password: "p", tls: { checkHostname: false } },
    limits: { host: "::1", port: 7000, database: 3, password: "s", keyPrefix: "limits:" },
  });
  const wrong = { host: "redis://x", database_index: "1", auth: { type: "none" }, in_memory: true };
  const message = await problemsOf({ redis: { main: wrong } });
  for (const part of ["main.host must", "main.database_index", "main.auth.type", "auth_string must", "main.in_memory"])
    assert.ok(message.includes(part), part);
});
