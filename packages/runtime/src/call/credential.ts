// Whether a request comes from a process of this app. Compared in constant time, so that the answer's delay tells nothing.

/** An empty credential admits nobody. `others`: those that are taken beside it, while it is being replaced. */
export function createCredentialCheck(
  credential: string,
  others: readonly string[] = [],
): (received: string | undefined) => boolean {
  const isOne = (received: string | undefined) =>
    credential !== "" && received !== undefined && isSame(credential, received);
  if (others.length === 0) return isOne;
  const checks = [isOne, ...others.map((other) => createCredentialCheck(other))];
  return (received) => checks.map((check) => check(received)).includes(true);
}

/** Looks at all of ours whatever is received: the time it takes depends on nothing that the sender does not know himself. */
// hot: guarded by bench/call
function isSame(expected: string, received: string): boolean {
  let difference = expected.length ^ received.length;
  for (let index = 0; index < expected.length; index++) {
    // Behind the end of what was received comes NaN, which counts as 0.
    difference |= expected.charCodeAt(index) ^ received.charCodeAt(index);
  }
  return difference === 0;
}
