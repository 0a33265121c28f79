// HashiCorp Vault and OpenBao: secrets of one key-value engine, version 1 or 2
// (https://openbao.org/api-docs/secret/kv/kv-v2/). A secret there is a set of fields: its text is the JSON object of them.
import { type InfraValues, isObject, type Settings } from "../infra-values.ts";
import { below, readUrl } from "./read-url.ts";
import { RequestRefused, requestJson } from "./request-json.ts";
import type { SecretStore } from "./secret-store.ts";
import { readMount, readVaultLogin, type VaultLogin, type VaultServer } from "./vault-login.ts";
import { vaultReason } from "./vault-reason.ts";

const KEYS = ["type", "address", "mount", "kv_version", "namespace", "auth"];

export function readVault(store: Settings, at: string, values: InfraValues): SecretStore | undefined {
  values.only(store, KEYS, at);
  const address = readUrl(store["address"], `${at}.address`, values);
  const mount = readMount(store["mount"], "secret", `${at}.mount`, values);
  const kvVersion = store["kv_version"] ?? 2;
  const isVersion = kvVersion === 1 || kvVersion === 2;
  if (!isVersion) values.problems.push(`${at}.kv_version must be 1 or 2, got ${JSON.stringify(kvVersion)}`);
  const { namespace: given } = store;
  const namespace = given === undefined ? undefined : values.text(given, `${at}.namespace`);
  const login = readVaultLogin(store["auth"], `${at}.auth`, values);
  const isNamespace = namespace === undefined || values.isKnown(namespace);
  if (address === undefined || mount === undefined || !isVersion || !isNamespace || login === undefined)
    return undefined;
  const headers = {
    "content-type": "application/json",
    ...(namespace === undefined ? {} : { "x-vault-namespace": namespace }),
  };
  return vaultStore({ server: { address, headers }, login, mount, kvVersion });
}

interface Engine {
  readonly server: VaultServer;
  readonly login: VaultLogin;
  readonly mount: string;
  readonly kvVersion: 1 | 2;
}

function vaultStore({ server, login, mount, kvVersion }: Engine): SecretStore {
  let token: Promise<string> | undefined;
  return {
    async read(name) {
      token ??= login(server);
      const headers = { ...server.headers, "x-vault-token": await token };
      const url =
        kvVersion === 1 ? below(server.address, `/v1/${mount}/${pathOf(name)}`) : urlOfVersion(server, mount, name);
      const { data } = await requestJson(url, async () => ({ headers }), vaultReason).catch((error: unknown) => {
        const isNone = error instanceof RequestRefused && error.status === 404;
        throw isNone ? new Error(`there is none at ${url.pathname.slice(1)}`) : error;
      });
      const fields = kvVersion === 2 && isObject(data) ? data["data"] : data;
      if (!isObject(fields))
        throw new Error(`${url.host} answered without fields; is it version ${kvVersion} of the engine?`);
      return JSON.stringify(fields);
    },
  };
}

/** "shop/db@3" is the third version of "shop/db". */
function urlOfVersion({ address }: VaultServer, mount: string, name: string): URL {
  const [, path = name, version] = /^(.+)@(\d+)$/.exec(name) ?? [];
  const url = below(address, `/v1/${mount}/data/${pathOf(path)}`);
  if (version !== undefined) url.searchParams.set("version", version);
  return url;
}

/** Dots would lead out of the engine, however they are written. */
function pathOf(name: string): string {
  const segments = name.split("/");
  if (segments.some((segment) => ["", ".", ".."].includes(segment)))
    throw new Error('the name of a secret there is a path whose parts are neither empty nor "." or ".."');
  return segments.map(encodeURIComponent).join("/");
}
