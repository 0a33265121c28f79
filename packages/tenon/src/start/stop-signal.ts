// When a process that serves is told to end.

/**
 * Resolves at the first SIGTERM or SIGINT; a second one, or one before anything is served, ends the process at once. `supervisor`: of a
 * worker, resolves when it is told to go; then only SIGTERM is for itself, since a terminal sends the others to every process.
 */
export function stopSignal(isServing: () => boolean, supervisor?: Promise<string>): Promise<string> {
  return new Promise((resolve) => {
    let count = 0;
    const stop = (signal: string) => {
      if (!isServing()) process.exit(0);
      if (++count > 1) process.exit(130);
      resolve(signal);
    };
    process.on("SIGTERM", stop);
    if (supervisor === undefined) {
      process.on("SIGINT", stop);
      return;
    }
    for (const signal of ["SIGINT", "SIGHUP"] as const) process.on(signal, () => {});
    void supervisor.then(resolve);
  });
}
