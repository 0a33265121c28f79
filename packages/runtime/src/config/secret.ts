// Secrets as services see them: declared by name at the top of a module, read by calling. Values are given to the process when it
// starts and appear nowhere else.
import { hideSecrets } from "../telemetry/redaction.ts";
import { HostError } from "../lifecycle/host-error.ts";

/** Call it to read the value. The name is part of the type, so that a secret cannot be mistaken for another. */
export interface Secret<Name extends string> {
  (): string;
  readonly name: Name;
}

/** Any secret, for functions that take one. */
export type AnySecret = Secret<string>;

let values: ReadonlyMap<string, string> = new Map();
let missingIsEmpty = false;

/** From now on log lines and traces hide the values. */
export function configureSecrets(
  secrets: Readonly<Record<string, string>>,
  options: { readonly missingIsEmpty: boolean } = { missingIsEmpty: false },
): void {
  values = new Map(Object.entries(secrets));
  missingIsEmpty = options.missingIsEmpty;
  hideSecrets(secrets);
}

/**
 * Declares a secret. Reading it gives its value; one that is not set is "" in development, where `tenon dev` tells of it, and throws
 * HostError `secret_unknown` elsewhere.
 */
export function secret<Name extends string>(name: Name): Secret<Name> {
  const read = () => {
    const value = values.get(name) ?? (missingIsEmpty ? "" : undefined);
    if (value === undefined) throw new HostError("secret_unknown", { secret: name });
    return value;
  };
  // A function's own `name` is not writable.
  return Object.defineProperty(read, "name", { value: name }) as Secret<Name>;
}
