// The service processes of a running app: starts them by placement, swaps changed ones without dropping a request, restarts those
// that crash, and knows where every service is right now.
import { createHash } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type HostConfig, RequestError } from "@tenon/runtime";
import { describeExit, type OutputSink, type ServiceProcess, SpareProcess } from "./service-process.ts";

export interface FleetOptions {
  readonly appDir: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
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

interface Group {
  readonly config: GroupConfig;
  readonly process: ServiceProcess;
}

const drainMs = 10_000;
/** How long a request waits for a service that is being restarted. */
const holdMs = 5_000;
const restartDelaysMs = [0, 200, 1000, 3000];

export class Fleet {
  readonly #options: FleetOptions;
  readonly #socketFolder: string;
  readonly #groups = new Map<string, Group>();
  /** Groups without a process right now: who asks for their address waits. */
  readonly #restarting = new Map<string, Promise<void>>();
  readonly #draining = new Set<Promise<void>>();
  #spares: SpareProcess[] = [];
  #sockets = 0;
  #closed = false;

  constructor(options: FleetOptions) {
    this.#options = options;
    const hash = createHash("sha256").update(`${options.appDir}\0${process.pid}`).digest("hex").slice(0, 12);
    this.#socketFolder = join(tmpdir(), `tenon-${hash}`);
  }

  /** Loads the runtime in processes that will be needed soon. */
  warm(count: number): void {
    while (!this.#closed && this.#spares.length < count) {
      const spare = new SpareProcess(this.#options.environment, this.#options.output);
      this.#spares.push(spare);
    }
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
   * Makes the fleet host `groups` (by name): starts new processes for those in `restart` or not there yet, then switches over, then lets
   * the old ones finish. Throws, with the old processes untouched, when any new one does not come up.
   */
  async apply(groups: ReadonlyMap<string, GroupConfig>, restart: ReadonlySet<string>): Promise<void> {
    const changed = [...groups].filter(([name]) => restart.has(name) || !this.#groups.has(name));
    const planned = new Map(changed.map(([name]) => [name, this.#nextSocket(name)]));
    const remotes = this.remotes();
    for (const [name, config] of changed) {
      for (const service of config.services) remotes[service] = `unix:${planned.get(name)}`;
    }
    await mkdir(this.#socketFolder, { recursive: true, mode: 0o700 });
    const started = await this.#startAll(changed, planned, remotes);

    const retired: ServiceProcess[] = [];
    for (const [name, process] of started) {
      const before = this.#groups.get(name);
      if (before !== undefined && !this.#restarting.has(name)) retired.push(before.process);
      this.#adopt(name, groups.get(name) as GroupConfig, process);
    }
    for (const [name, group] of this.#groups) {
      if (groups.has(name)) continue;
      this.#groups.delete(name);
      retired.push(group.process);
    }
    await this.#announce();
    for (const process of retired) this.#drain(process);
    this.warm(1);
  }

  async #startAll(
    changed: readonly (readonly [string, GroupConfig])[],
    planned: ReadonlyMap<string, string>,
    remotes: Readonly<Record<string, string>>,
  ): Promise<Map<string, ServiceProcess>> {
    this.warm(changed.length);
    const results = await Promise.allSettled(
      changed.map(async ([name, config]) => {
        const process = await this.#start(config, planned.get(name) as string, remotes);
        return [name, process] as const;
      }),
    );
    const started = results.filter((result) => result.status === "fulfilled").map((result) => result.value);
    const failed = results.find((result) => result.status === "rejected");
    if (failed !== undefined) {
      await Promise.all(started.map(([, process]) => process.stop(0)));
      throw failed.reason;
    }
    return new Map(started);
  }

  #start(config: GroupConfig, socketPath: string, remotes: Readonly<Record<string, string>>): Promise<ServiceProcess> {
    const spare = this.#spares.shift() ?? new SpareProcess(this.#options.environment, this.#options.output);
    const others = Object.fromEntries(
      Object.entries(remotes).filter(([service]) => !config.services.includes(service)),
    );
    return spare.start({ ...config, internal: { socketPath }, gateway: null, remotes: others });
  }

  #adopt(name: string, config: GroupConfig, process: ServiceProcess): void {
    this.#groups.set(name, { config, process });
    void process.exited.then((exit) => {
      if (this.#closed || exit.expected || this.#groups.get(name)?.process !== process) return;
      this.#options.onCrash(config.services, describeExit(exit));
      const restarted = this.#restart(name, config).finally(() => this.#restarting.delete(name));
      this.#restarting.set(name, restarted);
    });
  }

  async #restart(name: string, config: GroupConfig): Promise<void> {
    for (let attempt = 0; !this.#closed; attempt++) {
      await new Promise((resolve) =>
        setTimeout(resolve, restartDelaysMs[Math.min(attempt, restartDelaysMs.length - 1)]),
      );
      // A reload may have brought a new version meanwhile.
      if (this.#groups.get(name)?.config !== config) return;
      try {
        const process = await this.#start(config, this.#nextSocket(name), this.remotes());
        if (this.#closed || this.#groups.get(name)?.config !== config) return await process.stop(0);
        this.#adopt(name, config, process);
        await this.#announce();
        this.warm(1);
        return;
      } catch (error) {
        this.#options.onRestartFailed(config.services, error as Error);
      }
    }
  }

  /** Tells everybody where everybody is, before any old process is asked to stop. */
  async #announce(): Promise<void> {
    const remotes = this.remotes();
    this.#options.onMoved();
    await Promise.all(
      [...this.#groups.values()].map(({ config, process }) =>
        process.updateRemotes(
          Object.fromEntries(Object.entries(remotes).filter(([service]) => !config.services.includes(service))),
        ),
      ),
    );
  }

  #drain(process: ServiceProcess): void {
    const done = process.stop(drainMs).finally(() => this.#draining.delete(done));
    this.#draining.add(done);
  }

  #nextSocket(group: string): string {
    const name = `${group.slice(0, 40)}.${++this.#sockets}`;
    return process.platform === "win32"
      ? `\\\\.\\pipe\\${this.#socketFolder.replaceAll(/\W/g, "-")}-${name}`
      : join(this.#socketFolder, `${name}.sock`);
  }

  async close(timeoutMs: number): Promise<void> {
    this.#closed = true;
    await Promise.all([
      ...this.#spares.map((spare) => spare.stop(0)),
      ...[...this.#groups.values()].map(({ process }) => process.stop(timeoutMs)),
      ...this.#draining,
    ]);
    await rm(this.#socketFolder, { recursive: true, force: true });
  }
}

/** Waits for a promise, but not for ever. */
async function settled(promise: Promise<void>, timeoutMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, timeoutMs);
  });
  await Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
