// `auth` of infra.json: the keys that processes of the app prove themselves to each other with. The first is sent, all are taken: so a key is
// replaced without a moment in which two processes do not understand each other.
import type { InfraValues } from "./infra-values.ts";

export interface AuthKeys {
  readonly credential: string | undefined;
  readonly others: readonly string[];
}

const LEAST_LENGTH = 16;

export function readAuth(value: unknown, values: InfraValues): AuthKeys {
  const keys = readKeys(value ?? [], "auth", values);
  const [credential, ...others] = keys;
  return { credential, others };
}

export function readKeys(value: unknown, at: string, values: InfraValues): readonly string[] {
  const ids = new Set<number>();
  return values.array(value, at).map((item, index) => {
    const methodAt = `${at}[${index}]`;
    const method = values.object(item, methodAt);
    values.only(method, ["type", "id", "key"], methodAt);
    if (method["type"] !== "key") values.problems.push(`${methodAt}.type must be "key"`);
    const id = values.count(method["id"], 0, `${methodAt}.id`);
    if (id !== undefined && ids.has(id)) values.problems.push(`${methodAt}.id is ${id}, as that of another key`);
    if (id !== undefined) ids.add(id);
    const key = values.text(method["key"], `${methodAt}.key`);
    if (values.isKnown(key) && key.length < LEAST_LENGTH)
      values.problems.push(`${methodAt}.key must have at least ${LEAST_LENGTH} characters`);
    return key;
  });
}
