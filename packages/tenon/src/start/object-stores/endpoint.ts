// The URL of an object store.
import type { InfraValues, Settings } from "../infra-values.ts";

/** `usual`: where the file names none. */
export function readEndpoint(store: Settings, usual: string, at: string, values: InfraValues): string {
  if (store["endpoint"] === undefined) return usual;
  const endpoint = values.text(store["endpoint"], `${at}.endpoint`);
  const isUrl = /^https?:\/\//.test(endpoint) && URL.canParse(endpoint);
  if (values.isKnown(endpoint) && !isUrl)
    values.problems.push(`${at}.endpoint must be an http:// or https:// URL, got "${endpoint}"`);
  return endpoint;
}
