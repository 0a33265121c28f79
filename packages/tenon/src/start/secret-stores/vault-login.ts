// How a process gets its token of a Vault: it has one, or gives what Kubernetes or an operator gave it for one, once for all secrets.
import { readFile } from "node:fs/promises";
import { type InfraValues, isObject, type Settings } from "../infra-values.ts";
import { below } from "./read-url.ts";
import { requestJson } from "./request-json.ts";
import { vaultReason } from "./vault-reason.ts";

export interface VaultServer {
  readonly address: URL;
  /** Of every request. */
  readonly headers: Readonly<Record<string, string>>;
}

export type VaultLogin = (server: VaultServer) => Promise<string>;

/** Where Kubernetes puts the token of a pod's service account. */
const SERVICE_ACCOUNT_TOKEN = "/var/run/secrets/kubernetes.io/serviceaccount/token";
/** Name of an auth method or a secrets engine: it may lead into folders. */
const MOUNT = /^[\w-]+(?:\/[\w-]+)*$/;

/** undefined: there is none, or a wrong one, which is told. */
export function readVaultLogin(value: unknown, at: string, values: InfraValues): VaultLogin | undefined {
  const auth = values.object(value ?? {}, at);
  const type = values.word(auth["type"], ["token", "kubernetes", "approle"], `${at}.type`);
  if (type === "token") {
    values.only(auth, ["type", "token"], at);
    const token = values.text(auth["token"], `${at}.token`);
    return values.isKnown(token) ? async () => token : undefined;
  }
  if (type === "kubernetes") return readKubernetes(auth, at, values);
  return type === "approle" ? readAppRole(auth, at, values) : undefined;
}

export function readMount(value: unknown, usual: string, at: string, values: InfraValues): string | undefined {
  if (value === undefined) return usual;
  const mount = values.text(value, at).replace(/\/$/, "");
  if (!values.isKnown(mount)) return undefined;
  if (MOUNT.test(mount)) return mount;
  values.problems.push(`${at} must be the path of a mount, got ${JSON.stringify(mount)}`);
  return undefined;
}

function readKubernetes(auth: Settings, at: string, values: InfraValues): VaultLogin | undefined {
  values.only(auth, ["type", "role", "mount", "token_file"], at);
  const role = values.text(auth["role"], `${at}.role`);
  const mount = readMount(auth["mount"], "kubernetes", `${at}.mount`, values);
  const { token_file: given = SERVICE_ACCOUNT_TOKEN } = auth;
  const tokenFile = values.text(given, `${at}.token_file`);
  if (mount === undefined || !values.isKnown(role) || !values.isKnown(tokenFile)) return undefined;
  return async (server) => login(server, mount, { role, jwt: (await readFile(tokenFile, "utf8")).trim() });
}

function readAppRole(auth: Settings, at: string, values: InfraValues): VaultLogin | undefined {
  values.only(auth, ["type", "role_id", "secret_id", "mount"], at);
  const roleId = values.text(auth["role_id"], `${at}.role_id`);
  const secretId = values.text(auth["secret_id"], `${at}.secret_id`);
  const mount = readMount(auth["mount"], "approle", `${at}.mount`, values);
  if (mount === undefined || !values.isKnown(roleId) || !values.isKnown(secretId)) return undefined;
  return (server) => login(server, mount, { role_id: roleId, secret_id: secretId });
}

async function login({ address, headers }: VaultServer, mount: string, proof: object): Promise<string> {
  const url = below(address, `/v1/auth/${mount}/login`);
  const request = { method: "POST", headers, body: JSON.stringify(proof) } as const;
  const { auth } = await requestJson(url, async () => request, vaultReason).catch((error: Error) => {
    throw new Error(`the login at auth/${mount} failed: ${error.message}`);
  });
  const token = isObject(auth) ? auth["client_token"] : undefined;
  if (typeof token !== "string") throw new Error(`the login at auth/${mount} gave no token`);
  return token;
}
