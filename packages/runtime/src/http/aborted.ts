// What whoever reads a body is told when the rest of it will never come.

/** As node:http says it. */
export function aborted(): Error {
  return Object.assign(new Error("aborted"), { code: "ECONNRESET" });
}
