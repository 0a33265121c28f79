// Responses that do not match their declared type, in apps that ask for it (`"responses": "loose"`, the default of programs written for
// Encore.ts, which never looks): they are sent as they are, projected as far as they fit, and the mismatch is in the log, once.
import type { EndpointCodec, Issue, ResponseCodec, Schema, Schemas } from "@tenon/model";
import { log } from "../log/log.ts";
import { decodeLoosely, encodeLoosely } from "./loose-value.ts";

/** `name`: of the endpoint, for the log. */
export function looseResponse(name: string, codec: EndpointCodec, response: Schema, schemas: Schemas): EndpointCodec {
  if (codec.response === null) return codec;
  const strict: ResponseCodec = codec.response;
  const warn = createWarning(name);
  const within = (convert: ResponseCodec["encode"], otherwise: (value: unknown) => unknown) => {
    return (value: unknown): unknown => {
      const issues: Issue[] = [];
      const converted = convert(value, issues);
      if (issues.length === 0) return converted;
      warn(issues);
      return otherwise(value);
    };
  };
  const encode = (value: unknown) => encodeLoosely(value, response, schemas);
  const decode = (wire: unknown) => decodeLoosely(wire, response, schemas);
  // Over the wire and back, as it would be between processes.
  const copy = (value: unknown) => {
    const text = JSON.stringify(encode(value));
    return text === undefined ? undefined : decode(JSON.parse(text));
  };
  return {
    ...codec,
    response: {
      ...strict,
      encode: within(strict.encode, encode),
      decode: within(strict.decode, decode),
      copy: within(strict.copy, copy),
    },
  };
}

/** Says each mismatch once: a list of rows would say it for every request again. */
function createWarning(name: string): (issues: readonly Issue[]) => void {
  const said = new Set<string>();
  return (issues) => {
    const fresh = issues.filter(({ path, code }) => {
      const key = `${path.replace(/\[\d+\]/g, "[]")} ${code}`;
      if (said.has(key)) return false;
      said.add(key);
      return true;
    });
    if (fresh.length === 0) return;
    const list = fresh.map(({ path, message }) => `${path === "" ? "the response" : path} ${message}`).join("; ");
    log.warn(`${name} answers with a value that does not match its declared response: ${list}`);
  };
}
