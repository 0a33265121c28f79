// Measures the stages of a build by name.

export interface Stopwatch {
  /** Runs the stage and adds its time to that name. */
  time<T>(stage: string, work: () => Promise<T>): Promise<T>;
  readonly timingsMs: Record<string, number>;
}

export function createStopwatch(): Stopwatch {
  const timingsMs: Record<string, number> = {};
  return {
    timingsMs,
    async time(stage, work) {
      const startedAt = performance.now();
      try {
        return await work();
      } finally {
        timingsMs[stage] = (timingsMs[stage] ?? 0) + (performance.now() - startedAt);
      }
    },
  };
}
