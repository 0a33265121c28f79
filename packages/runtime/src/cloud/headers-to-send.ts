// Headers with secrets in them. One that cannot be sent, such as a token from a file of several lines, is told by its name: the error of `fetch` would
// have the value.

/** Throws TypeError. */
export function headersToSend(headers: Readonly<Record<string, string>>): Headers {
  const result = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    try {
      result.set(name, value);
    } catch {
      throw new TypeError(
        `the value of the header "${name}" has characters that no header may have, such as a line break`,
      );
    }
  }
  return result;
}
