// Waits for something that another process brings about, with a deadline that says what was missing. It is there to end a test that waits
// for nothing, not to measure: a machine that has much to do besides takes many times as long as one that is free.

/** Asks until `probe` gives something other than undefined, null or false; what it threw last is part of the failure. */
export async function eventually(what, probe, { deadlineMs = 60_000, everyMs = 50 } = {}) {
  const deadlineAt = Date.now() + deadlineMs;
  let lastError;
  for (;;) {
    try {
      const result = await probe();
      if (result !== undefined && result !== null && result !== false) return result;
      lastError = undefined;
    } catch (error) {
      lastError = error;
    }
    if (Date.now() >= deadlineAt) {
      throw new Error(`waited ${deadlineMs} ms for ${what}`, lastError === undefined ? {} : { cause: lastError });
    }
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
