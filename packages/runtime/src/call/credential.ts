// Whether a request comes from a process of this app. Compared in constant time, so that the answer's delay tells nothing.

/** An empty credential admits nobody. */
export function createCredentialCheck(credential: string): (received: string | undefined) => boolean {
  return (received) => credential !== "" && received !== undefined && isSame(credential, received);
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
