// What `tenon dev` was told on its command line.
import type { Topology } from "./placement.ts";
import type { Reporter } from "./reporter.ts";

export interface SupervisorOptions {
  readonly appDir: string;
  readonly port: number;
  readonly dashboardPort: number;
  readonly topology: Topology;
  readonly watch: boolean;
  readonly namespace: string;
  readonly reporter: Reporter;
  readonly logFormat: "pretty" | "json";
  /** `performance.now()` when the command began, for the time to ready. */
  readonly startedAt: number;
}
