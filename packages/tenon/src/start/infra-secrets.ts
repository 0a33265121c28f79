// `secrets` of infra.json: the value of each, or one reference to a JSON object with all of them.
import { asReference, type InfraValues } from "./infra-values.ts";

export function readSecrets(value: unknown, values: InfraValues): Record<string, string> {
  const content = asReference(value) === undefined ? (value ?? {}) : readAll(value, values);
  const entries = Object.entries(values.object(content, "secrets"));
  return Object.fromEntries(entries.map(([name, secret]) => [name, values.text(secret, `secrets.${name}`)]));
}

function readAll(value: unknown, values: InfraValues): unknown {
  const text = values.text(value, "secrets");
  if (!values.isKnown(text)) return {};
  try {
    return JSON.parse(text) as unknown;
  } catch {
    values.problems.push(`secrets: ${JSON.stringify(value)} leads to no JSON object`);
    return {};
  }
}
