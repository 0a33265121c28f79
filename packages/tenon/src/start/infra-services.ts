// `service_discovery` of infra.json: where the services are that other processes host.
import { type AuthKeys, readKeys } from "./infra-auth.ts";
import type { InfraValues } from "./infra-values.ts";

export function readServices(
  value: unknown,
  auth: AuthKeys,
  values: InfraValues,
): { readonly services: Record<string, string>; readonly credential: string | undefined } {
  const services: Record<string, string> = {};
  let { credential } = auth;
  for (const [name, item] of Object.entries(values.object(value ?? {}, "service_discovery"))) {
    const at = `service_discovery.${name}`;
    const service = values.object(item, at);
    values.only(service, ["base_url", "auth"], at);
    services[name] = readBaseUrl(service["base_url"], `${at}.base_url`, values);
    if (service["auth"] === undefined) continue;
    const [key] = readKeys(service["auth"], `${at}.auth`, values);
    credential ??= key;
    if (key !== undefined && key !== credential)
      values.problems.push(
        `${at}.auth names another key than "auth" sends: all processes of a Tenon app share the keys of "auth"; put this one there, first`,
      );
  }
  return { services, credential };
}

function readBaseUrl(value: unknown, at: string, values: InfraValues): string {
  const url = values.text(value, at);
  if (!values.isKnown(url)) return url;
  const isAddress = /^https?:\/\//.test(url) ? URL.canParse(url) : /^unix:./.test(url);
  if (!isAddress) values.problems.push(`${at} must begin with http:// or unix:, got "${url}"`);
  return url.replace(/\/$/, "");
}
