// TLS towards PostgreSQL: `tls_config` and `client_cert` of infra.json become parameters of the connection string, as every library and tool
// reads them from there. Certificates are files to it; those that come as text are written to a folder only this user
// can enter, which goes with the process.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { asReference, type InfraValues } from "./infra-values.ts";

export interface SqlTls {
  readonly config: unknown;
  /** Of the database; goes before that of the server. */
  readonly clientCert: unknown;
  readonly at: string;
  readonly databaseAt: string;
}

const tlsKeys = ["disabled", "ca", "client_cert", "disable_tls_hostname_verification", "disable_ca_validation"];

/** By name, to be set on the connection string. */
export function sqlTlsParameters(
  { config, clientCert, at, databaseAt }: SqlTls,
  reader: InfraValues,
): Record<string, string> {
  const tls = config === undefined ? {} : reader.object(config, `${at}.tls_config`);
  reader.only(tls, tlsKeys, `${at}.tls_config`);
  if (reader.flag(tls["disabled"], `${at}.tls_config.disabled`)) return {};
  const files: Record<string, string> = {};
  if (tls["ca"] !== undefined) files["sslrootcert"] = pemFile(tls["ca"], `${at}.tls_config.ca`, reader);
  const own = readPair(clientCert, `${databaseAt}.client_cert`, reader);
  const ofServer = readPair(tls["client_cert"], `${at}.tls_config.client_cert`, reader);
  const pair = own ?? ofServer;
  if (pair !== undefined) {
    files["sslcert"] = pemFile(pair.cert, `${pair.at}.cert`, reader);
    files["sslkey"] = pemFile(pair.key, `${pair.at}.key`, reader);
  }
  return { ...verification(tls, at, reader), ...files };
}

function readPair(value: unknown, at: string, reader: InfraValues) {
  if (value === undefined) return undefined;
  const pair = reader.object(value, at);
  reader.only(pair, ["cert", "key"], at);
  return { cert: pair["cert"], key: pair["key"], at };
}

/** The certificate leads to a known authority and names the host, unless somebody asked for less. */
function verification(tls: Readonly<Record<string, unknown>>, at: string, reader: InfraValues): Record<string, string> {
  const skips = (key: string) => reader.flag(tls[key], `${at}.tls_config.${key}`);
  const [skipsAll, skipsHostname] = [skips("disable_ca_validation"), skips("disable_tls_hostname_verification")];
  if (skipsAll) return { sslmode: "no-verify" };
  if (!skipsHostname) return { sslmode: "verify-full" };
  // Any certificate of a public authority would do otherwise.
  if (tls["ca"] === undefined)
    reader.problems.push(`${at}.tls_config.disable_tls_hostname_verification needs tls_config.ca`);
  return { uselibpqcompat: "true", sslmode: "verify-ca" };
}

let ownFolder: string | undefined;
let written = 0;

/** Connections are made, and the files read, for as long as the process lives. */
function folderOfProcess(): string {
  if (ownFolder === undefined) {
    const folder = mkdtempSync(join(tmpdir(), "tenon-tls-"));
    process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
    ownFolder = folder;
  }
  return ownFolder;
}

function pemFile(value: unknown, at: string, reader: InfraValues): string {
  const pem = reader.text(value, at);
  if (!reader.isKnown(pem)) return "";
  if (pem !== "" && !pem.includes("-----BEGIN ")) reader.problems.push(`${at} must be a PEM text`);
  const reference = asReference(value);
  if (reference !== undefined && "$file" in reference) return resolve(reader.folder, reference.$file);
  const file = join(folderOfProcess(), `${++written}.pem`);
  writeFileSync(file, `${pem}\n`, { mode: 0o600 });
  return file;
}
