// An address in a secret store's settings.
import type { InfraValues } from "../infra-values.ts";

/** With a path that ends without a slash. undefined: there is none, or none that can be used, which is told. */
export function readUrl(value: unknown, at: string, values: InfraValues): URL | undefined {
  const text = values.text(value, at);
  if (!values.isKnown(text)) return undefined;
  if (/^https?:\/\//.test(text) && URL.canParse(text)) return new URL(text.replace(/\/+$/, ""));
  values.problems.push(`${at} must be an http:// or https:// URL, got ${JSON.stringify(text)}`);
  return undefined;
}

/** `path` behind that of `base`. */
export function below(base: URL, path: string): URL {
  return new URL(`${base.origin}${base.pathname.replace(/\/$/, "")}${path}`);
}
