// "name@3": a secret, and which of its versions.

export interface VersionedName {
  readonly name: string;
  /** undefined: the latest. */
  readonly version: string | undefined;
}

/** Throws Error where the name is none that `pattern` allows, so that it cannot lead a request elsewhere. */
export function versionedName(text: string, pattern: RegExp, allowed: string): VersionedName {
  const at = text.lastIndexOf("@");
  const name = at === -1 ? text : text.slice(0, at);
  const version = at === -1 ? undefined : text.slice(at + 1);
  if (!pattern.test(name)) throw new Error(`the name of a secret there has ${allowed}`);
  if (version !== undefined && !/^[A-Za-z0-9-]+$/.test(version))
    throw new Error('what follows "@" must be a version: letters, digits and "-"');
  return { name, version };
}
