// The service processes of a running app: starts them by placement, swaps changed ones without dropping a request, restarts those
// that crash, and knows where every service is right now.
import { createHash } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CheckResult, type HostConfig, RequestError } from "@tenon/runtime";
import { checkProcess } from "./check-process.ts";
import { ProcessPool } from "./process-pool.ts";
import { describeExit, type OutputSink, type ServiceProcess, ServiceStartError } from "./service-process.ts";

export interface FleetOptions {
  readonly appDir: string;
  readonly output: OutputSink;
  /** A process ended by itself; it is being restarted. */
  onCrash(services: readonly string[], reason: string): void;
  /** A restart after a crash did not work; another try follows. */
  onRestartFailed(services: readonly string[], error: Error): void;
  /** The place of some service changed. */
  onMoved(): void;
}

/** What one process is told, but for the addresses, which are the fleet's business. */
export type GroupConfig = Omit<HostConfig, "internal" | "gateway" | "remotes">;

export interface FleetPlan {
  /** By name of the group. */
  readonly groups: ReadonlyMap<string, GroupConfig>;
  /** Groups whose code changed; those whose configuration did are found without being named. */
  readonly restart: ReadonlySet<string>;
  /** Called when all new processes are up, right before anybody is told where they are. */
  onSwitch(): void;
}

interface Group {
  readonly config: GroupConfig;
  readonly process: ServiceProcess;
  readonly startedAt: number;
  /** Restarts in a row after which the process died early. */
  readonly attempt: number;
}

const drainMs = 10_000;
/** How long a request waits for a service that is being restarted. */
const holdMs = 5_000;
/** A process that is busy in an endless loop does not hear that another has moved; the others must not wait for it. */
const announceMs = 3_000;
/** By the number of restarts in a row that did not last. */
const restartDelaysMs = [0, 200, 1000, 3000] as const;
/** A process that lived this long did not die of being started. */
const lastingMs = 5_000;

export class Fleet {
  readonly #options: FleetOptions;
  readonly #socketFolder: string;
  readonly #pool: ProcessPool;
  readonly #groups = new Map<string, Group>();
  /** Groups without a process right now: who asks for their address waits. */
  readonly #restarting = new Map<string, Promise<void>>();
  /** Replaced processes that finish their requests: name of the services -> its end. */
  readonly #draining = new Map<ServiceProcess, readonly string[]>();
  #restartBuildDir: string | undefined;
  #sockets = 0;
  #closed = false;

  constructor(options: FleetOptions) {
    this.#options = options;
    this.#pool = new ProcessPool(options.appDir, options.output);
    const hash = createHash("sha256").update(`${options.appDir}\0${process.pid}`).digest("hex").slice(0, 12);
    this.#socketFolder = join(tmpdir(), `tenon-${hash}`);
  }

  /** What processes started from now on find in `process.env`. */
  useEnvironment(environment: Readonly<Record<string, string>>): void {
    this.#pool.useEnvironment(environment);
  }

  /** After a crash, load the services from this copy: the build's own folder may hold a version that does not start. */
  restartFrom(buildDir: string): void {
    this.#restartBuildDir = buildDir;
  }

  /** Gives up on processes that have been starting for longer than this: a newer version waits. */
  abandonStarts(olderThanMs: number): void {
    this.#pool.abandonStarts(olderThanMs);
  }

  /** What the processes that serve say of their readiness. */
  async check(): Promise<CheckResult[]> {
    const checks = [...this.#groups].map(([name, { process }]) => checkProcess(name, process.address));
    return (await Promise.all(checks)).flat();
  }

  /** Where each service is, for the gateway and for the services themselves. */
  remotes(): Record<string, string> {
    const remotes: Record<string, string> = {};
    for (const group of this.#groups.values()) {
      for (const service of group.config.services) remotes[service] = group.process.address;
    }
    return remotes;
  }

  /** The address of one service; waits a while when it is just being restarted. Throws RequestError when nobody hosts it. */
  async locate(service: string): Promise<string> {
    for (const [name, pending] of this.#restarting) {
      if (this.#groups.get(name)?.config.services.includes(service)) await settled(pending, holdMs);
    }
    const address = this.remotes()[service];
    if (address === undefined) throw new RequestError("address_unknown", { service });
    return address;
  }

  /**
   * Makes the fleet host the planned groups: starts new processes where something changed, then switches over, then lets the old ones
   * finish. Resolves with the names of the groups that were started. Throws, with the old processes untouched, when any new one does not
   * come up.
   */
  async apply({ groups, restart, onSwitch }: FleetPlan): Promise<string[]> {
    const changed = [...groups].filter(([name, config]) => restart.has(name) || this.#differs(name, config));
    const planned = new Map(changed.map(([name]) => [name, this.#nextSocket(name)]));
    const remotes = this.remotes();
    for (const [name, config] of changed) {
      for (const service of config.services) remotes[service] = `unix:${planned.get(name)}`;
    }
    await mkdir(this.#socketFolder, { recursive: true, mode: 0o700 });
    const started = await this.#startAll(changed, planned, remotes);

    const retired: Group[] = [];
    for (const [name, process] of started) {
      const before = this.#groups.get(name);
      if (before !== undefined) retired.push(before);
      this.#adopt(name, groups.get(name) as GroupConfig, process, 0);
    }
    for (const [name, group] of this.#groups) {
      if (groups.has(name)) continue;
      this.#groups.delete(name);
      retired.push(group);
    }
    onSwitch();
    for (const { process, config } of retired) this.#draining.set(process, config.services);
    await this.#announce();
    for (const { process } of retired) void process.stop(drainMs).finally(() => this.#draining.delete(process));
    this.#pool.warm(1);
    return changed.map(([name]) => name);
  }

  #differs(name: string, config: GroupConfig): boolean {
    const current = this.#groups.get(name);
    return current === undefined || JSON.stringify(current.config) !== JSON.stringify(config);
  }

  /** Loads the runtime in processes that will be needed soon. */
  warm(count: number): void {
    this.#pool.warm(count);
  }

  async #startAll(
    changed: readonly (readonly [string, GroupConfig])[],
    planned: ReadonlyMap<string, string>,
    remotes: Readonly<Record<string, string>>,
  ): Promise<Map<string, ServiceProcess>> {
    this.#pool.warm(changed.length);
    const results = await Promise.allSettled(
      changed.map(async ([name, config]) => {
        const process = await this.#start(config, planned.get(name) as string, remotes);
        return [name, process] as const;
      }),
    );
    const started = results.filter((result) => result.status === "fulfilled").map((result) => result.value);
    const failed = results.find((result) => result.status === "rejected");
    if (failed !== undefined || this.#closed) {
      await Promise.all(started.map(([, process]) => process.stop(0)));
      throw failed?.reason ?? new ServiceStartError("superseded", "the app is being stopped");
    }
    return new Map(started);
  }

  #start(config: GroupConfig, socketPath: string, remotes: Readonly<Record<string, string>>): Promise<ServiceProcess> {
    const others = withoutServices(remotes, config.services);
    return this.#pool.start({ ...config, internal: { socketPath }, gateway: null, remotes: others });
  }

  #adopt(name: string, config: GroupConfig, process: ServiceProcess, attempt: number): void {
    const startedAt = performance.now();
    this.#groups.set(name, { config, process, startedAt, attempt });
    void process.exited.then((exit) => {
      if (this.#closed || exit.expected || this.#groups.get(name)?.process !== process) return;
      this.#options.onCrash(config.services, describeExit(exit));
      const lasted = performance.now() - startedAt > lastingMs;
      const restarted = this.#restart(name, process, lasted ? 0 : attempt);
      this.#restarting.set(name, restarted);
      void restarted.finally(() => {
        // The restarted process may have crashed as well: then this entry is its restart's.
        if (this.#restarting.get(name) === restarted) this.#restarting.delete(name);
      });
    });
  }

  /** Tries until a process is up, or until a reload brought one meanwhile. */
  async #restart(name: string, crashed: ServiceProcess, firstAttempt: number): Promise<void> {
    const current = (): Group | undefined => {
      const group = this.#groups.get(name);
      return this.#closed || group?.process !== crashed ? undefined : group;
    };
    for (let attempt = firstAttempt; ; attempt++) {
      const delayMs = restartDelaysMs[Math.min(attempt, restartDelaysMs.length - 1)];
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      const group = current();
      if (group === undefined) return;
      const { config } = group;
      try {
        const buildDir = this.#restartBuildDir ?? config.buildDir;
        const process = await this.#start({ ...config, buildDir }, this.#nextSocket(name), this.remotes());
        if (current() === undefined) return await process.stop(0);
        this.#adopt(name, config, process, attempt + 1);
        await this.#announce();
        this.#pool.warm(1);
        return;
      } catch (error) {
        if (current() !== undefined) this.#options.onRestartFailed(config.services, error as Error);
      }
    }
  }

  /** Tells everybody where everybody is, also those that only finish what they have: their calls must not go to a closed door. */
  async #announce(): Promise<void> {
    const remotes = this.remotes();
    this.#options.onMoved();
    const serving = [...this.#groups.values()].map(({ process, config }) => [process, config.services] as const);
    const told = [...serving, ...this.#draining].map(([process, services]) =>
      process.updateRemotes(withoutServices(remotes, services)),
    );
    await settled(Promise.all(told), announceMs);
  }

  #nextSocket(group: string): string {
    const name = `${group.slice(0, 40)}.${++this.#sockets}`;
    return process.platform === "win32"
      ? `\\\\.\\pipe\\${this.#socketFolder.replaceAll(/\W/g, "-")}-${name}`
      : join(this.#socketFolder, `${name}.sock`);
  }

  /** Ends every process within this time, however long an older drain was to take. */
  async close(timeoutMs: number): Promise<void> {
    this.#closed = true;
    const ending = [...[...this.#groups.values()].map(({ process }) => process), ...this.#draining.keys()];
    await Promise.all([this.#pool.close(), ...ending.map((process) => process.stop(timeoutMs))]);
    await rm(this.#socketFolder, { recursive: true, force: true });
  }
}

function withoutServices(
  remotes: Readonly<Record<string, string>>,
  services: readonly string[],
): Record<string, string> {
  return Object.fromEntries(Object.entries(remotes).filter(([service]) => !services.includes(service)));
}

/** Waits for a promise, but not for ever. */
async function settled(promise: Promise<unknown>, timeoutMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, timeoutMs);
  });
  await Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
