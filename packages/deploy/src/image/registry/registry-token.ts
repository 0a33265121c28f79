// What a request to a registry carries to be let in: a password (RFC 7617), or a token for the repositories it is about, given out at the place
// that the registry named (token authentication of the distribution project).
import { DeployError } from "../../deploy-error.ts";
import { answerJson } from "./answer-json.ts";
import type { Challenge } from "./challenge.ts";
import type { Credentials } from "./credentials.ts";
import { exchange } from "./http-exchange.ts";
import { isLocal } from "./registry-address.ts";
import { registryError } from "./registry-error.ts";

/** The value of `Authorization`; undefined: nobody is known here, and the registry gives no token to nobody. */
export async function authorizationFor(
  challenge: Challenge,
  scopes: readonly string[],
  credentials: Credentials | undefined,
): Promise<string | undefined> {
  if (challenge.scheme === "basic") return credentials?.kind === "password" ? basic(credentials) : undefined;
  const realm = new URL(challenge.realm);
  if (realm.protocol !== "https:" && !isLocal(realm.hostname) && credentials !== undefined) {
    throw new DeployError(
      "registry_unauthorized",
      `the registry wants credentials sent to ${realm.origin}, where everybody on the way could read them`,
      "Use a registry whose tokens are given out over https.",
    );
  }
  const wanted = scopes.length > 0 ? scopes : challenge.scope === undefined ? [] : [challenge.scope];
  const answer =
    credentials?.kind === "identityToken"
      ? await askWithToken(realm, challenge.service, wanted, credentials.token)
      : await askWithPassword(realm, challenge.service, wanted, credentials);
  if (answer.statusCode !== 200) throw await registryError(answer, `no token from ${realm.host}`);
  const { content } = await answerJson(answer, realm.host);
  const { token, access_token: accessToken } = content as { token?: string; access_token?: string };
  const value = token ?? accessToken;
  return value === undefined ? undefined : `Bearer ${value}`;
}

async function askWithPassword(
  realm: URL,
  service: string | undefined,
  scopes: readonly string[],
  credentials: Extract<Credentials, { kind: "password" }> | undefined,
) {
  const url = new URL(realm);
  if (service !== undefined) url.searchParams.set("service", service);
  for (const scope of scopes) url.searchParams.append("scope", scope);
  const headers = credentials === undefined ? {} : { authorization: basic(credentials) };
  return exchange({ method: "GET", url, headers });
}

async function askWithToken(realm: URL, service: string | undefined, scopes: readonly string[], token: string) {
  const form = new URLSearchParams({
    grant_type: "refresh_token",
    refresh_token: token,
    client_id: "tenon",
    ...(service === undefined ? {} : { service }),
    ...(scopes.length === 0 ? {} : { scope: scopes.join(" ") }),
  });
  const bytes = Buffer.from(form.toString());
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  return exchange({ method: "POST", url: realm, headers, body: { content: { bytes }, start: 0, end: bytes.length } });
}

function basic({ username, password }: Extract<Credentials, { kind: "password" }>): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}
