// Starts the PostgreSQL server that comes with Tenon on a data folder, or joins the one that already runs there.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { basename, dirname, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { adminRole, prepareDataFolder, readAdminPassword } from "./data-folder.ts";
import type { Privilege } from "./drop-privilege.ts";
import { EngineError } from "./errors.ts";
import { findPrograms, type PostgresPrograms } from "./find-programs.ts";
import { findPostmaster, isAlive, type Postmaster } from "./postmaster-file.ts";
import { runProgram } from "./run-program.ts";
import { makeSocketFolder } from "./socket-folder.ts";
import { guardWithWatchdog } from "./watchdog.ts";

export interface PostgresServer {
  /** Superuser, database `postgres`; through the Unix socket where there is one. */
  readonly adminUrl: string;
  /** For tools; always 127.0.0.1. */
  readonly host: string;
  readonly port: number;
  /** "18.4" */
  readonly version: string;
  /** It ran before and belongs to somebody else: stop() leaves it running. */
  readonly attached: boolean;
  readonly pid: number;
  /** Resolves when the server process ended without stop(). */
  readonly exited: Promise<void>;
  /** Ends the server within 5 s; what was committed stays. */
  stop(): Promise<void>;
}

export interface StartPostgresOptions {
  /** Made when missing. */
  readonly dataDir: string;
  /** Gets what the server prints, line by line. */
  readonly log?: (line: string) => void;
  /** It does not keep this process alive, and ends with it. */
  readonly background?: boolean;
  /** Settings of PostgreSQL over those of development, by name. */
  readonly settings?: Readonly<Record<string, string>>;
}

const startTimeoutMs = 60_000;
const attempts = 20;
const retryPauseMs = 100;
const fastShutdownMs = 3_500;
const immediateShutdownMs = 800;
const attachedPollMs = 250;
const lastPortWaitMs = 3_000;
const lastPortPauseMs = 20;

export async function startPostgres(options: StartPostgresOptions): Promise<PostgresServer> {
  const dataDir = realFolder(options.dataDir);
  const programs = await findPrograms();
  const privilege = await prepareDataFolder(dataDir, programs);
  let reason = "";
  for (let attempt = 0; attempt < attempts; attempt++) {
    const running = await findPostmaster(dataDir);
    if (running?.status === "ready") return attach(running, dataDir, programs);
    if (!running) {
      const launched = await launch(dataDir, programs, privilege, options);
      if (typeof launched !== "string") return launched;
      reason = launched;
      // Another process won the folder, another program took the port, or children of a killed server are still going.
      if (!/lock file|already exists|Address already in use|could not bind|still in use/i.test(reason)) break;
    }
    await sleep(retryPauseMs);
  }
  throw new EngineError("postgres_start_failed", reason || `${dataDir} is held by a server that does not become ready`);
}

/** The same folder must give the same socket, however it is written. */
function realFolder(path: string): string {
  const folder = resolve(path);
  if (existsSync(folder)) return realpathSync(folder);
  const parent = dirname(folder);
  return existsSync(parent) ? join(realpathSync(parent), basename(folder)) : folder;
}

/** The running server, or what it said before it gave up. */
async function launch(
  dataDir: string,
  programs: PostgresPrograms,
  privilege: Privilege,
  { log, background, settings }: StartPostgresOptions,
): Promise<PostgresServer | string> {
  const port = await choosePort(dataDir);
  const socketFolder = makeSocketFolder(dataDir, privilege);
  const dying = await diesWithParent(privilege);
  const child = spawn(
    dying[0] ?? programs.postgres,
    [
      ...dying.slice(1),
      ...(dying.length > 0 ? [programs.postgres] : []),
      ...serverArguments({ ...developmentSettings(port, socketFolder), ...settings }, dataDir),
    ],
    // A group of its own: Ctrl-C in the terminal must reach the supervisor only, which stops the server last.
    { stdio: ["ignore", "ignore", "pipe"], detached: true, windowsHide: true, env: serverEnvironment(programs) },
  );
  const failure = await untilReady(child, log);
  if (failure !== undefined) return failure;
  if (background === true) {
    child.unref();
    (child.stderr as Socket).unref();
  }
  const callOff = dying.includes("--pdeathsig") ? () => {} : guardWithWatchdog(child.pid!);
  return own(child, { dataDir, port, socketFolder, version: programs.version, callOff });
}

/** The command prefix, with the request to the kernel to end the server with this process where the system has one. */
async function diesWithParent(privilege: Privilege): Promise<string[]> {
  if (process.platform !== "linux") return [...privilege.prefix];
  const request = ["setpriv", "--pdeathsig", "INT"];
  const { status } = await runProgram([...privilege.prefix, ...request, "true"]);
  return status === 0 ? [...privilege.prefix, ...request] : [...privilege.prefix];
}

function serverEnvironment(programs: PostgresPrograms): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("PG"));
  return { ...Object.fromEntries(inherited), ...programs.env, TZ: "UTC", LC_ALL: "C" };
}

function developmentSettings(port: number, socketFolder: string | undefined): Record<string, string> {
  return {
    port: String(port),
    listen_addresses: "127.0.0.1",
    unix_socket_directories: socketFolder ?? "",
    unix_socket_permissions: "0700",
    // What was committed is with the operating system then: only a machine that loses power loses it, never a killed process.
    // The other two usual ways to save time are not safe: without synchronous_commit the last commits are in the server's own
    // memory only, and without full_page_writes a process killed in the middle of a write can leave half a page.
    fsync: "off",
    shared_buffers: "32MB",
    max_connections: "300",
    timezone: "UTC",
    log_timezone: "UTC",
    log_checkpoints: "off",
  };
}

function serverArguments(settings: Readonly<Record<string, string>>, dataDir: string): string[] {
  return ["-D", dataDir, ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])];
}

/**
 * The port of last time, so that connection strings outlive a restart. It is waited for a little: children of a killed server
 * hold on to it for a moment.
 */
async function choosePort(dataDir: string): Promise<number> {
  const file = join(dataDir, "tenon-port");
  const last = existsSync(file) ? Number(readFileSync(file, "utf8")) : 0;
  let port: number | undefined;
  for (const deadline = Date.now() + lastPortWaitMs; last > 0 && port === undefined && Date.now() < deadline; ) {
    port = await tryPort(last);
    if (port === undefined) await sleep(lastPortPauseMs);
  }
  port ??= await tryPort(0);
  if (port === undefined) throw new EngineError("postgres_start_failed", "no port is free on 127.0.0.1");
  writeFileSync(file, String(port));
  return port;
}

/** 0: any. undefined when it is taken. */
function tryPort(port: number): Promise<number | undefined> {
  return new Promise((settle) => {
    const probe = createServer();
    probe.once("error", () => settle(undefined));
    probe.listen(port, "127.0.0.1", () => {
      const { port: bound } = probe.address() as AddressInfo;
      probe.close(() => settle(bound));
    });
  });
}

/** undefined when it accepts connections, else its last lines. */
function untilReady(child: ChildProcess, log: StartPostgresOptions["log"]): Promise<string | undefined> {
  return new Promise((settle) => {
    const last: string[] = [];
    let rest = "";
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      settle(`not ready after ${startTimeoutMs / 1000} s; last lines:\n${last.join("\n")}`);
    }, startTimeoutMs);
    child.stderr!.setEncoding("utf8").on("data", (chunk: string) => {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop()!;
      for (const line of lines) {
        log?.(line);
        last.push(line);
        if (last.length > 20) last.shift();
        if (line.includes("ready to accept connections")) {
          clearTimeout(timer);
          settle(undefined);
        }
      }
    });
    child.once("error", (error) => {
      clearTimeout(timer);
      settle(error.message);
    });
    child.once("close", () => {
      clearTimeout(timer);
      settle(`it ended; last lines:\n${last.join("\n")}`);
    });
  });
}

interface OwnedServer {
  readonly dataDir: string;
  readonly port: number;
  readonly socketFolder: string | undefined;
  readonly version: string;
  readonly callOff: () => void;
}

function own(child: ChildProcess, server: OwnedServer): PostgresServer {
  let stopping: Promise<void> | undefined;
  const ended = new Promise<void>((settle) => {
    if (child.exitCode !== null || child.signalCode !== null) settle();
    else child.once("exit", () => settle());
  });
  ended.then(server.callOff);
  const exited = new Promise<void>((settle) => {
    ended.then(() => {
      if (!stopping) settle();
    });
  });
  const stop = async (): Promise<void> => {
    await shutDown(child, ended);
    if (server.socketFolder) rmSync(server.socketFolder, { recursive: true, force: true });
  };
  return {
    adminUrl: adminUrl(server.dataDir, server.port, server.socketFolder),
    host: "127.0.0.1",
    port: server.port,
    version: server.version,
    attached: false,
    pid: child.pid!,
    exited,
    stop: () => {
      stopping ??= stop();
      return stopping;
    },
  };
}

/** Fast (connections are cut, work is saved), then immediate, then by force. */
async function shutDown(child: ChildProcess, ended: Promise<void>): Promise<void> {
  for (const [signal, patienceMs] of [
    ["SIGINT", fastShutdownMs],
    ["SIGQUIT", immediateShutdownMs],
    ["SIGKILL", immediateShutdownMs],
  ] as const) {
    child.kill(signal);
    const timer = new AbortController();
    const done = await Promise.race([
      ended.then(() => true),
      sleep(patienceMs, false, { signal: timer.signal }).catch(() => false),
    ]);
    timer.abort();
    if (done) return;
  }
}

function attach(running: Postmaster, dataDir: string, programs: PostgresPrograms): PostgresServer {
  let timer: NodeJS.Timeout | undefined;
  const exited = new Promise<void>((settle) => {
    timer = setInterval(() => {
      if (isAlive(running.pid)) return;
      clearInterval(timer);
      settle();
    }, attachedPollMs);
  });
  return {
    adminUrl: adminUrl(dataDir, running.port, running.socketFolder || undefined),
    host: "127.0.0.1",
    port: running.port,
    version: programs.version,
    attached: true,
    pid: running.pid,
    exited,
    stop: async () => clearInterval(timer),
  };
}

function adminUrl(dataDir: string, port: number, socketFolder: string | undefined): string {
  const url = new URL(`postgres://${adminRole}:${readAdminPassword(dataDir)}@127.0.0.1:${port}/postgres`);
  if (socketFolder) url.searchParams.set("host", socketFolder);
  return url.href;
}
