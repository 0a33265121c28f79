// Values that do not match their declared type, in apps that ask for looseness (the default of programs written for Encore.ts, which
// never looks): they are passed on as they are, projected as far as they fit, and the mismatch is in the log, once.
import type { Codec, Issue, Schema, Schemas } from "@tenon/model";
import { log } from "../log/log.ts";
import { decodeLoosely, encodeLoosely } from "./loose-value.ts";

/** `what`: whose value it is, for the log: "users.get answers with a value". */
export function looseCodec<Kind extends Codec>(what: string, strict: Kind, schema: Schema, schemas: Schemas): Kind {
  const warn = createWarning(what);
  const within = (convert: Codec["encode"], otherwise: (value: unknown) => unknown) => {
    return (value: unknown): unknown => {
      const issues: Issue[] = [];
      const converted = convert(value, issues);
      if (issues.length === 0) return converted;
      warn(issues);
      return otherwise(value);
    };
  };
  const encode = (value: unknown) => encodeLoosely(value, schema, schemas);
  const decode = (wire: unknown) => decodeLoosely(wire, schema, schemas);
  // Over the wire and back, as it would be between processes.
  const copy = (value: unknown) => {
    const text = JSON.stringify(encode(value));
    return text === undefined ? undefined : decode(JSON.parse(text));
  };
  return {
    ...strict,
    encode: within(strict.encode, encode),
    decode: within(strict.decode, decode),
    copy: within(strict.copy, copy),
  };
}

/** Says each mismatch once: a list of rows would say it for every request again. */
function createWarning(what: string): (issues: readonly Issue[]) => void {
  const said = new Set<string>();
  return (issues) => {
    const fresh = issues.filter(({ path, code }) => {
      const key = `${path.replace(/\[\d+\]/g, "[]")} ${code}`;
      if (said.has(key)) return false;
      said.add(key);
      return true;
    });
    if (fresh.length === 0) return;
    const list = fresh.map(({ path, message }) => `${path === "" ? "it" : path} ${message}`).join("; ");
    log.warn(`${what} that does not match its type: ${list}`);
  };
}
