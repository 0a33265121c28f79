// `service_discovery` of infra.json: where the services are that other processes host.
import { type AuthKeys, readKeys } from "./infra-auth.ts";
import type { Infra } from "./infra.ts";
import type { InfraValues } from "./infra-values.ts";

export function readServices(
  value: unknown,
  auth: AuthKeys,
  values: InfraValues,
): Pick<Infra, "services" | "credential" | "identityTokens"> {
  const services: Record<string, string> = {};
  const identityTokens: string[] = [];
  let { credential } = auth;
  for (const [name, item] of Object.entries(values.object(value ?? {}, "service_discovery"))) {
    const at = `service_discovery.${name}`;
    const service = values.object(item, at);
    values.only(service, ["base_url", "auth", "identity_token"], at);
    services[name] = readBaseUrl(service["base_url"], `${at}.base_url`, values);
    const { identity_token: token } = service;
    if (token !== undefined && values.word(token, ["google"], `${at}.identity_token`) !== undefined)
      identityTokens.push(name);
    if (service["auth"] === undefined) continue;
    const [key] = readKeys(service["auth"], `${at}.auth`, values);
    credential ??= key;
    if (key !== undefined && key !== credential)
      values.problems.push(
        `${at}.auth names another key than "auth" sends: all processes of a Tenon app share the keys of "auth"; put this one there, first`,
      );
  }
  return { services, credential, ...(identityTokens.length === 0 ? {} : { identityTokens }) };
}

function readBaseUrl(value: unknown, at: string, values: InfraValues): string {
  const url = values.text(value, at);
  if (!values.isKnown(url)) return url;
  const isAddress = /^https?:\/\//.test(url) ? URL.canParse(url) : /^unix:./.test(url);
  if (!isAddress) values.problems.push(`${at} must begin with http:// or unix:, got "${url}"`);
  return url.replace(/\/$/, "");
}
