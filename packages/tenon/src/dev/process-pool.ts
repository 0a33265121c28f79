// The processes that do not serve yet: spare ones with the runtime already loaded, and those that are just loading services.
import type { HostConfig } from "@tenon/runtime";
import { type OutputSink, type ServiceProcess, ServiceStartError, SpareProcess } from "./service-process.ts";

export class ProcessPool {
  readonly #workingDir: string;
  readonly #output: OutputSink;
  /** Process -> when it was told to start. */
  readonly #starting = new Map<SpareProcess, number>();
  readonly #abandoned = new WeakSet<SpareProcess>();
  #spares: SpareProcess[] = [];
  #environment: Readonly<Record<string, string>> = {};
  #closed = false;

  /** `workingDir`: the app's folder, from which its code reads files whoever started Tenon where. */
  constructor(workingDir: string, output: OutputSink) {
    this.#workingDir = workingDir;
    this.#output = output;
  }

  /** Spares that were forked with another environment are of no use any more. */
  useEnvironment(environment: Readonly<Record<string, string>>): void {
    if (JSON.stringify(environment) === JSON.stringify(this.#environment)) return;
    this.#environment = environment;
    for (const spare of this.#spares) void spare.stop(0);
    this.#spares = [];
  }

  /** Sees to it that so many spares wait. */
  warm(count: number): void {
    this.#spares = this.#spares.filter((spare) => spare.isAlive);
    while (!this.#closed && this.#spares.length < count) {
      this.#spares.push(new SpareProcess(this.#workingDir, this.#environment, this.#output));
    }
  }

  /** Throws ServiceStartError; `superseded` when the start was abandoned. */
  async start(config: HostConfig): Promise<ServiceProcess> {
    if (this.#closed) throw superseded();
    this.warm(1);
    const process = this.#spares.shift() as SpareProcess;
    this.#starting.set(process, performance.now());
    try {
      return await process.start(config);
    } catch (error) {
      throw this.#abandoned.has(process) ? superseded() : error;
    } finally {
      this.#starting.delete(process);
    }
  }

  abandonStarts(olderThanMs: number): void {
    const before = performance.now() - olderThanMs;
    for (const [process, startedAt] of this.#starting) {
      if (startedAt > before) continue;
      this.#abandoned.add(process);
      void process.stop(0);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    const starting = [...this.#starting.keys()];
    for (const process of starting) this.#abandoned.add(process);
    await Promise.all([...this.#spares, ...starting].map((process) => process.stop(0)));
  }
}

function superseded(): ServiceStartError {
  return new ServiceStartError("superseded", "the start was given up for a newer version");
}
