// Where `main.js start` is reached from outside: a port, or a socket that systemd holds; with TLS from files, which are read again when
// the process gets SIGHUP; and a door without TLS beside it that sends clients here.
import { readFile } from "node:fs/promises";
import { type Host, type HostConfig, log } from "@tenon/runtime";
import { inheritedSockets } from "./inherited-sockets.ts";
import { StartError } from "./start-error.ts";

type Address = Extract<NonNullable<HostConfig["gateway"]>, { readonly port: number } | { readonly fd: number }>;
type Environment = Readonly<Record<string, string | undefined>>;

export interface TlsFiles {
  /** PEM, with the certificates that lead to a known authority. */
  readonly cert: string;
  /** PEM, without a passphrase. */
  readonly key: string;
}

export interface PublicDoor {
  readonly address: Address;
  /** undefined: without TLS. */
  readonly tlsFiles: TlsFiles | undefined;
  /** undefined: nobody is redirected. */
  readonly redirect: Address | undefined;
  readonly acmeDir: string | undefined;
}

/** As the command line says it. */
export interface DoorOptions {
  readonly "tls-cert"?: string | undefined;
  readonly "tls-key"?: string | undefined;
  readonly "redirect-port"?: string | undefined;
}

/**
 * `listenerPid`: the process that listens, which for a worker is its supervisor. Throws StartError `tls_incomplete`, `tls_unusable`,
 * `redirect_without_tls`, `invalid_port`.
 */
export async function readPublicDoor(
  options: DoorOptions,
  port: number,
  environment: Environment,
  listenerPid: number,
): Promise<PublicDoor> {
  const sockets = inheritedSockets(environment, listenerPid);
  const tlsFiles = tlsFilesOf(options, environment);
  const tls = tlsFiles === undefined ? {} : { tls: await readTlsFiles(tlsFiles) };
  const place = placeOf(sockets.get("public"), port);
  const redirectPort = options["redirect-port"] ?? environment["TENON_REDIRECT_PORT"] ?? "";
  const redirectSocket = sockets.get("redirect");
  const hasRedirect = redirectSocket !== undefined || redirectPort !== "";
  if (hasRedirect && tlsFiles === undefined) {
    throw new StartError(
      "redirect_without_tls",
      "there is no door with TLS to redirect to",
      "Give --tls-cert and --tls-key, or leave out --redirect-port.",
    );
  }
  return {
    address: { ...place, ...tls },
    tlsFiles,
    redirect: hasRedirect ? placeOf(redirectSocket, portNumber(redirectPort)) : undefined,
    acmeDir: environment["TENON_ACME_DIR"],
  };
}

function placeOf(socket: number | undefined, port: number): { fd: number } | { host: string; port: number } {
  return socket === undefined ? { host: "0.0.0.0", port } : { fd: socket };
}

function portNumber(text: string): number {
  if (/^\d{0,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new StartError("invalid_port", `--redirect-port must be a port from 0 to 65535, got "${text}"`);
}

function tlsFilesOf(options: DoorOptions, environment: Environment): TlsFiles | undefined {
  const cert = options["tls-cert"] ?? environment["TENON_TLS_CERT"] ?? "";
  const key = options["tls-key"] ?? environment["TENON_TLS_KEY"] ?? "";
  if (cert === "" && key === "") return undefined;
  if (cert !== "" && key !== "") return { cert, key };
  const [given, other] =
    cert === ""
      ? ["key", "certificate (--tls-cert, TENON_TLS_CERT)"]
      : ["certificate", "key (--tls-key, TENON_TLS_KEY)"];
  throw new StartError("tls_incomplete", `a ${given} is named, but no ${other}`, "TLS needs both files, or neither.");
}

/** Throws StartError `tls_unusable`: what cannot be served must be found before it takes the place of what can. */
async function readTlsFiles(files: TlsFiles): Promise<{ cert: string; key: string }> {
  try {
    const [cert, key] = await Promise.all([readFile(files.cert, "utf8"), readFile(files.key, "utf8")]);
    const { createSecureContext } = await import("node:tls");
    createSecureContext({ cert, key });
    return { cert, key };
  } catch (error) {
    throw new StartError(
      "tls_unusable",
      `${files.cert} and ${files.key} can't be used: ${(error as Error).message}`,
      "They must be PEM files: the certificate with its chain, and its key without a passphrase.",
    );
  }
}

/**
 * Opens the door that redirects and waits for SIGHUP. `isReplaced`: a supervisor replaces this process instead, and the next one reads the
 * files. Gives what takes both away.
 */
export async function keepPublicDoor(
  { tlsFiles, redirect, acmeDir }: PublicDoor,
  host: Host,
  isReplaced: boolean,
): Promise<() => Promise<void>> {
  if (tlsFiles === undefined || host.gatewayAddress === null) return async () => {};
  const renew = () => void renewTls(tlsFiles, host);
  if (!isReplaced) process.on("SIGHUP", renew);
  const httpsPort = Number(new URL(host.gatewayAddress).port || 443);
  const door = redirect === undefined ? undefined : await openRedirect({ address: redirect, httpsPort, acmeDir });
  return async () => {
    await door?.close({ timeoutMs: 1000 });
  };
}

async function openRedirect(options: { address: Address; httpsPort: number; acmeDir: string | undefined }) {
  const { openRedirectDoor } = await import("@tenon/runtime/redirect");
  const door = await openRedirectDoor(options);
  log.info("redirecting to TLS", { from: door.address, port: options.httpsPort });
  return door;
}

async function renewTls(files: TlsFiles, host: Host): Promise<void> {
  try {
    host.renewTls(await readTlsFiles(files));
    log.info("the certificate was read again", { file: files.cert });
  } catch (error) {
    log.error(error, "the certificate could not be read again: the one before goes on");
  }
}
