// A file of Google's credentials: where it is, and its fields, each with an error that names the file but never a value.
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { type Environment, settingOf } from "../environment.ts";
import { CloudCredentialsError } from "../errors.ts";

export class GoogleCredentialsFile {
  readonly path: string;
  readonly #content: Readonly<Record<string, unknown>>;

  constructor(path: string, content: Readonly<Record<string, unknown>>) {
    this.path = path;
    this.#content = content;
  }

  text(field: string): string {
    return this.optional(field) ?? this.#refuse(field, "a text");
  }

  optional(field: string): string | undefined {
    const value = this.#content[field];
    return typeof value === "string" && value !== "" ? value : undefined;
  }

  part(field: string): GoogleCredentialsFile {
    return this.optionalPart(field) ?? this.#refuse(field, "an object");
  }

  optionalPart(field: string): GoogleCredentialsFile | undefined {
    const value = this.#content[field];
    return isObject(value) ? new GoogleCredentialsFile(`${this.path}, ${field}`, value) : undefined;
  }

  /** Fields that are texts. */
  texts(): Record<string, string> {
    const entries = Object.entries(this.#content);
    return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"));
  }

  #refuse(field: string, kind: string): never {
    throw new CloudCredentialsError("cloud_credentials_missing", `${this.path}: "${field}" must be ${kind}`);
  }
}

/** undefined: there is none, and none is named. */
export async function readGoogleCredentials(environment: Environment): Promise<GoogleCredentialsFile | undefined> {
  const named = settingOf(environment, "GOOGLE_APPLICATION_CREDENTIALS");
  const path = named ?? wellKnownPath(environment);
  const text = await readFile(path, "utf8").catch((error: Error) => {
    // Also one that may not be looked at: a service that systemd keeps out of all homes has an account by its machine.
    if (named === undefined) return undefined;
    throw new CloudCredentialsError(
      "cloud_credentials_missing",
      `the credentials for Google can't be read: ${error.message}`,
    );
  });
  if (text === undefined) return undefined;
  const content = parsed(text);
  if (isObject(content)) return new GoogleCredentialsFile(path, content);
  throw new CloudCredentialsError(
    "cloud_credentials_missing",
    `${path} holds no JSON object with credentials for Google`,
  );
}

/** Where gcloud keeps what `gcloud auth application-default login` makes. */
function wellKnownPath(environment: Environment): string {
  const name = "application_default_credentials.json";
  const folder = settingOf(environment, "CLOUDSDK_CONFIG");
  if (folder !== undefined) return join(folder, name);
  const roaming = settingOf(environment, "APPDATA");
  if (process.platform === "win32" && roaming !== undefined) return join(roaming, "gcloud", name);
  return join(settingOf(environment, "HOME") ?? homedir(), ".config", "gcloud", name);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
