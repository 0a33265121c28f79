// How many processes serve: what the command line says, else the environment, else infra.json, else the app file; one where nobody says anything.
import { availableParallelism } from "node:os";
import { StartError } from "../start-error.ts";

/** "cores": as many as this machine lets us use. */
export type Workers = number | "cores";

const MAX_WORKERS = 256;

export interface WorkerSources {
  /** `--workers`. */
  readonly option: string | undefined;
  /** TENON_WORKERS. */
  readonly variable: string | undefined;
  /** `worker_threads` of infra.json. */
  readonly infra?: Workers | undefined;
  /** `workers` of the app file. */
  readonly app: Workers | undefined;
}

/** Throws StartError `invalid_workers`. */
export function workerCount({ option, variable, infra, app }: WorkerSources): number {
  if (option !== undefined) return parse("--workers", option);
  if (variable !== undefined && variable !== "") return parse("TENON_WORKERS", variable);
  if (infra !== undefined) return parse("worker_threads of infra.json", String(infra));
  return app === undefined ? 1 : parse("workers", String(app));
}

function parse(name: string, text: string): number {
  if (text === "cores") return availableParallelism();
  const count = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (count >= 1 && count <= MAX_WORKERS) return count;
  throw new StartError(
    "invalid_workers",
    `${name} must be a number from 1 to ${MAX_WORKERS}, or "cores", got "${text}"`,
  );
}
