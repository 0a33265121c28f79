// Secrets as services see them: declared by name at the top of a module, read by calling. Values are given to the process when it
// starts and appear nowhere else.
import { HostError } from "../lifecycle/host-error.ts";

/** Call it to read the value. The name is part of the type, so that a secret cannot be mistaken for another. */
export interface Secret<Name extends string> {
  (): string;
  readonly name: Name;
}

/** Any secret, for functions that take one. */
export type AnySecret = Secret<string>;

let values: ReadonlyMap<string, string> = new Map();

export function configureSecrets(secrets: Readonly<Record<string, string>>): void {
  values = new Map(Object.entries(secrets));
}

/** Declares a secret. Reading it throws HostError `secret_unknown` in a process that was not given it. */
export function secret<Name extends string>(name: Name): Secret<Name> {
  const read = () => {
    const value = values.get(name);
    if (value === undefined) throw new HostError("secret_unknown", { secret: name });
    return value;
  };
  // A function's own `name` is not writable.
  return Object.defineProperty(read, "name", { value: name }) as Secret<Name>;
}
