// How long a failed delivery waits before it is tried again: doubled with each attempt, within the policy's bounds, spread a little so
// that messages which failed together do not come back together.

const spread = 0.2;

/** `attempt`: the one that has failed, from 1. `random`: 0 to 1. */
export function backoffMs(
  attempt: number,
  policy: { readonly minBackoffMs: number; readonly maxBackoffMs: number },
  random: number = Math.random(),
): number {
  const doubled = policy.minBackoffMs * 2 ** Math.min(attempt - 1, 30);
  const waitMs = Math.min(doubled, policy.maxBackoffMs);
  return Math.round(waitMs * (1 - spread * random));
}
