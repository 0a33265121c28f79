// How things are called on a host: folders, users, credentials, variables. In unit files `%i` is the id of a release.
import { createHash } from "node:crypto";
import { DeployError } from "../../deploy-error.ts";

/** useradd(8) on Debian: 32 characters with the closing zero. */
const MAX_USER_NAME = 31;
/** What fits into `sockaddr_un`. */
const MAX_SOCKET_PATH = 103;
/** "20261123T120500Z", as upgrade.sh makes them. */
const RELEASE_ID_LENGTH = 16;
const PLAIN_NAME = /^[A-Za-z0-9_-]+$/;

/** The system user of one process, so that none can read what another was given. */
export function userOf(app: string, unit: string): string {
  const name = `${app}-${unit}`;
  if (name.length <= MAX_USER_NAME) return name;
  const mark = createHash("sha256").update(name).digest("hex").slice(0, 8);
  return `${name.slice(0, MAX_USER_NAME - mark.length - 1).replace(/-+$/, "")}-${mark}`;
}

export function releaseDir(app: string): string {
  return `/opt/${app}/releases/%i`;
}

export function credentialsDir(app: string): string {
  return `/etc/${app}/credentials`;
}

/** Where the unit's internal door is. Throws DeployError `name_not_deployable`. */
export function doorSocket(app: string, unit: string): string {
  const path = `/run/${app}/%i/${unit}/door.sock`;
  const length = path.length - "%i".length + RELEASE_ID_LENGTH;
  if (length <= MAX_SOCKET_PATH) return path;
  throw new DeployError(
    "name_not_deployable",
    `the names of "${app}" and "${unit}" are too long together: ${path} would have ${length} characters`,
    `A socket's path has ${MAX_SOCKET_PATH} at most. Give the app a shorter id, or the process another name in "placement".`,
  );
}

/** The environment variable with the address of a unit's internal door. */
export function addressVariable(unit: string): string {
  return `TENON_${upper(unit)}_URL`;
}

function upper(name: string): string {
  return name.toUpperCase().replaceAll(/[^A-Z0-9]+/g, "_");
}

/** What becomes a file name and a word in scripts. Throws DeployError `name_not_deployable`. */
export function plainName(name: string, what: string): string {
  if (PLAIN_NAME.test(name)) return name;
  throw new DeployError(
    "name_not_deployable",
    `the name of ${what}, "${name}", can't be a file's name`,
    "Use letters, digits, dashes and underscores.",
  );
}
