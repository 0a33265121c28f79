// TLS to a PostgreSQL that shows a certificate of an authority of our own: what is trusted, what is refused and why, client certificates,
// and the cancelling of statements over TLS.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  copyFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import pg from "pg";
import { type CallContext, runInCall } from "../call/context.ts";
import { startSpan } from "../telemetry/recorder.ts";
import { closeDatabases, configureDatabases } from "./configure-databases.ts";
import { DatabaseError } from "./errors.ts";
import { newDatabase, startTestServer, type TestServer } from "./server.test.support.ts";
import { SQLDatabase } from "./sql-database.ts";

const hasOpenssl = (() => {
  try {
    execFileSync("openssl", ["version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
})();

const db = new SQLDatabase("main");

describe("TLS", { skip: hasOpenssl ? false : "openssl is not installed, which makes the certificates" }, () => {
  let folder: string;
  let server: TestServer;
  let plainUrl: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "tenon-tls-"));
    makeAuthority(folder);
    makeCertificate(folder, "server", "DNS:localhost");
    makeCertificate(folder, "client", "DNS:client");
    server = await startTestServer();
    plainUrl = await newDatabase(server);
    for (const [from, to] of [
      ["server.crt", "server.crt"],
      ["server.key", "server.key"],
      ["ca.crt", "root.crt"],
    ] as const)
      install(join(folder, from), join(server.dataDir, to), server.dataDir);
    await setUp("ALTER SYSTEM SET ssl = on", "ALTER SYSTEM SET ssl_ca_file = 'root.crt'", "SELECT pg_reload_conf()");
  });

  after(async () => {
    await closeDatabases();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function setUp(...statements: string[]): Promise<void> {
    const admin = new pg.Client(server.adminUrl);
    await admin.connect();
    for (const statement of statements) await admin.query(statement);
    await admin.end();
  }

  function configure(host: string, parameters: Record<string, string>): void {
    const url = new URL(plainUrl);
    url.hostname = host;
    url.search = "";
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    configureDatabases({ main: { connectionString: url.href } });
  }

  const isEncrypted = async () =>
    (await db.queryRow<{ ssl: boolean }>`SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()`)!.ssl;
  const fails = (code: string, pattern: RegExp) => (error: unknown) =>
    error instanceof DatabaseError && error.code === code && pattern.test(error.message);
  const ca = () => ({ sslrootcert: join(folder, "ca.crt") });

  it("is used when the certificate leads to the authority and names the host", async () => {
    configure("localhost", { sslmode: "verify-full", ...ca() });
    assert.equal(await isEncrypted(), true);
  });

  it("is refused at once for an unknown authority and another host, with the reason", async () => {
    configure("localhost", { sslmode: "verify-full" });
    await assert.rejects(isEncrypted(), fails("database_tls_failed", /self-signed|unable to|issuer/i));
    configure("127.0.0.1", { sslmode: "verify-full", ...ca() });
    await assert.rejects(isEncrypted(), fails("database_tls_failed", /127\.0\.0\.1/));
  });

  it("asks for less only when told to", async () => {
    configure("127.0.0.1", { uselibpqcompat: "true", sslmode: "verify-ca", ...ca() });
    assert.equal(await isEncrypted(), true);
    configure("127.0.0.1", { sslmode: "no-verify" });
    assert.equal(await isEncrypted(), true);
  });

  it("cancels a statement at the end of its call", async () => {
    configure("localhost", { sslmode: "verify-full", ...ca() });
    const controller = new AbortController();
    const context: CallContext = {
      span: startSpan({ name: "x", kind: "server", service: "x" }),
      service: "x",
      endpoint: "x",
      requestId: "x",
      deadlineAt: undefined,
      signal: controller.signal,
      caller: undefined,
    };
    const isSleeping = () => db.queryRow`SELECT 1 AS it FROM pg_stat_activity
      WHERE query LIKE '%AS over_tls' AND state = 'active' AND pid <> pg_backend_pid()`;
    const sleeping = runInCall(context, () => db.exec`SELECT pg_sleep(300) AS over_tls`);
    while (!(await isSleeping()));
    controller.abort();
    await assert.rejects(sleeping, fails("statement_canceled", /./));
    while (await isSleeping());
  });

  it("shows the server a certificate of its own where it wants one", async () => {
    const rules = join(server.dataDir, "pg_hba.conf");
    const demand = `hostssl all all all scram-sha-256 clientcert=verify-ca\nhostnossl all all all reject\n`;
    const before = readFileSync(rules, "utf8");
    writeFileSync(rules, `${demand}${before}`);
    await setUp("SELECT pg_reload_conf()");
    const own = { sslcert: join(folder, "client.crt"), sslkey: join(folder, "client.key") };
    configure("localhost", { sslmode: "verify-full", ...ca(), ...own });
    assert.equal(await isEncrypted(), true);
    configure("localhost", { sslmode: "verify-full", ...ca() });
    await assert.rejects(isEncrypted(), fails("database_access_denied", /client certificate/));
    configure("localhost", {});
    await assert.rejects(isEncrypted(), fails("database_access_denied", /pg_hba/));
    writeFileSync(rules, before);
    await setUp("SELECT pg_reload_conf()");
  });
});

function openssl(...args: string[]): void {
  execFileSync("openssl", args, { stdio: ["ignore", "ignore", "pipe"] });
}

const ecKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

function makeAuthority(folder: string): void {
  const [key, cert] = [join(folder, "ca.key"), join(folder, "ca.crt")];
  openssl("req", "-x509", ...ecKey, "-keyout", key, "-out", cert, "-days", "2", "-subj", "/CN=Tenon test authority");
}

function makeCertificate(folder: string, name: string, alternativeName: string): void {
  const at = (ending: string): string => join(folder, `${name}.${ending}`);
  openssl("req", ...ecKey, "-keyout", at("key"), "-out", at("csr"), "-subj", `/CN=${name}`);
  writeFileSync(at("ext"), `subjectAltName=${alternativeName}\n`);
  const authority = ["-CA", join(folder, "ca.crt"), "-CAkey", join(folder, "ca.key"), "-CAcreateserial"];
  openssl("x509", "-req", "-in", at("csr"), ...authority, "-out", at("crt"), "-days", "2", "-extfile", at("ext"));
}

/** The server reads a key only when it is its own and nobody else's. */
function install(from: string, to: string, dataDir: string): void {
  copyFileSync(from, to);
  const { uid, gid } = statSync(join(dataDir, "PG_VERSION"));
  chownSync(to, uid, gid);
  chmodSync(to, 0o600);
}
