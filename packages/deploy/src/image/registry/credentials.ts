// Who we are to a registry, from the files that `docker login`, `podman login` and cloud tools write: REGISTRY_AUTH_FILE alone where it is
// set, else Docker's config.json, else podman's auth.json. Programs that keep passwords (credential helpers) are asked.
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { DeployError } from "../../deploy-error.ts";
import { askCredentialHelper } from "./credential-helper.ts";

export type Credentials =
  | { readonly kind: "password"; readonly username: string; readonly password: string }
  /** To be changed for an access token at the place that gives tokens out (OAuth 2). */
  | { readonly kind: "identityToken"; readonly token: string };

export type Environment = Readonly<Record<string, string | undefined>>;

interface AuthFile {
  readonly auths?: Readonly<Record<string, AuthEntry>>;
  readonly credHelpers?: Readonly<Record<string, string>>;
  readonly credsStore?: string;
}

interface AuthEntry {
  readonly auth?: string;
  readonly username?: string;
  readonly password?: string;
  readonly identitytoken?: string;
}

/** undefined: nobody; the registry may serve us all the same. Throws DeployError `registry_credentials_unreadable`. */
export async function findCredentials(
  registry: string,
  repository: string,
  environment: Environment,
): Promise<Credentials | undefined> {
  for (const file of authFiles(environment)) {
    const content = await readAuthFile(file, file === environment["REGISTRY_AUTH_FILE"]);
    const found = content === undefined ? undefined : await inFile(file, content, registry, repository, environment);
    if (found !== undefined) return found;
  }
  return undefined;
}

function authFiles(environment: Environment): string[] {
  const override = environment["REGISTRY_AUTH_FILE"];
  if (override) return [override];
  const home = environment["HOME"] || homedir();
  const runtimeDir = environment["XDG_RUNTIME_DIR"];
  return [
    join(environment["DOCKER_CONFIG"] || join(home, ".docker"), "config.json"),
    ...(runtimeDir ? [join(runtimeDir, "containers", "auth.json")] : []),
    join(environment["XDG_CONFIG_HOME"] || join(home, ".config"), "containers", "auth.json"),
  ];
}

async function readAuthFile(file: string, isWanted: boolean): Promise<AuthFile | undefined> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as AuthFile;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT" && !isWanted) return undefined;
    throw unreadable(file, (error as Error).message);
  }
}

async function inFile(
  file: string,
  { auths = {}, credHelpers = {}, credsStore }: AuthFile,
  registry: string,
  repository: string,
  environment: Environment,
): Promise<Credentials | undefined> {
  const server = serverName(registry);
  const helper = credHelpers[registry] ?? credHelpers[server] ?? credsStore;
  const kept = helper === undefined ? undefined : await askCredentialHelper(helper, server, environment);
  if (kept !== undefined) return kept;
  for (const key of keysFor(registry, repository)) {
    const name = Object.keys(auths).find((one) => one === key || plainName(one) === key);
    const found = name === undefined ? undefined : readEntry(file, name, auths[name]!);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The longest first: podman keeps credentials for parts of a registry too. */
function keysFor(registry: string, repository: string): string[] {
  const parts = repository.split("/");
  const names = parts.map((_, index) => [registry, ...parts.slice(0, parts.length - index)].join("/"));
  return [...names, registry, ...(registry === "docker.io" ? ["index.docker.io"] : [])];
}

/** What the credentials of Docker Hub are kept under, for historical reasons. */
function serverName(registry: string): string {
  return registry === "docker.io" ? "https://index.docker.io/v1/" : registry;
}

/** "https://ghcr.io/v2/" -> "ghcr.io". */
function plainName(key: string): string {
  return key.replace(/^https?:\/\//, "").replace(/\/(?:v[12]\/?)?$/, "");
}

function readEntry(file: string, name: string, entry: AuthEntry): Credentials | undefined {
  if (entry.identitytoken) return { kind: "identityToken", token: entry.identitytoken };
  if (entry.username !== undefined && entry.password !== undefined) {
    return { kind: "password", username: entry.username, password: entry.password };
  }
  if (!entry.auth) return undefined;
  const pair = Buffer.from(entry.auth, "base64").toString("utf8");
  const colon = pair.indexOf(":");
  if (colon === -1) throw unreadable(file, `"auth" of ${name} is not "user:password" in base64`);
  return { kind: "password", username: pair.slice(0, colon), password: pair.slice(colon + 1) };
}

function unreadable(file: string, why: string): DeployError {
  return new DeployError(
    "registry_credentials_unreadable",
    `the credentials of registries in ${file} can't be read: ${why}`,
    "Log in again (docker login, podman login), or name another file in REGISTRY_AUTH_FILE.",
  );
}
