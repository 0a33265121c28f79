// Puts what middleware wants in the answer besides the payload into an encoded response.
import type { HandlerResponse } from "./handler-response.ts";

/** RFC 9110: a token, and a value of one line, so that nobody can add headers of their own. */
const NAME = /^[!#$%&'*+\-.^_`|~\w]+$/;
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
/** The framework's own: they say how the answer is framed and what it is part of. */
const RESERVED: ReadonlySet<string> = new Set(["content-length", "transfer-encoding", "connection", "keep-alive"]);

interface Encoded {
  readonly headers: Record<string, string | string[]>;
  readonly status?: number | undefined;
}

/** Headers and status of the middleware win over those of the endpoint. Throws TypeError for what HTTP cannot carry. */
export function addResponse<Out extends Encoded>(encoded: Out, response: HandlerResponse | undefined): Out {
  if (response === undefined) return encoded;
  for (const [name, value] of Object.entries(response.extraHeaders ?? {})) {
    const values = [value].flat();
    if (!NAME.test(name) || RESERVED.has(name) || !values.every((one) => VALUE.test(one))) {
      throw new TypeError(`middleware set the header "${name}" to something that cannot be sent`);
    }
    // Each cookie is its own: those of the endpoint's response stay.
    encoded.headers[name] = name === "set-cookie" ? [...[encoded.headers[name] ?? []].flat(), ...values] : value;
  }
  const { status } = response;
  if (status === undefined) return encoded;
  if (!Number.isInteger(status) || status < 200 || status > 599) {
    throw new TypeError(`middleware set the status ${status}; it must be a whole number from 200 to 599`);
  }
  return { ...encoded, status };
}
