// How long the connections of a pool are waited for, and trusted.

export interface PoolTimeouts {
  /** For a new connection, over all attempts: a server that restarts is waited for. */
  readonly connectMs: number;
  /** For a busy connection to become free. */
  readonly acquireMs: number;
  /**
   * A connection at rest for so long is asked for an answer before it is used: what was closed on the other side, or forgotten on the way,
   * while the process was frozen or had nothing to do, shows only when it is written to.
   */
  readonly trustIdleMs: number;
}

export const usualTimeouts: PoolTimeouts = { connectMs: 10_000, acquireMs: 30_000, trustIdleMs: 10_000 };
