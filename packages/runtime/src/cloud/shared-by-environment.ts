// What is kept of credentials is kept once for a process: all who name the same environment and the same subject share it.
import type { Environment } from "./environment.ts";

export type CredentialOf<Value> = () => Promise<Value>;

/** `create` is called once for each environment and subject (a scope, a resource, an audience; "" where there is but one). */
export function sharedByEnvironment<Value>(
  create: (environment: Environment, subject: string) => CredentialOf<Value>,
): (environment: Environment, subject: string) => CredentialOf<Value> {
  const known = new WeakMap<Environment, Map<string, CredentialOf<Value>>>();
  return (environment, subject) => {
    const bySubject = known.get(environment) ?? new Map<string, CredentialOf<Value>>();
    known.set(environment, bySubject);
    const credential = bySubject.get(subject) ?? create(environment, subject);
    bySubject.set(subject, credential);
    return credential;
  };
}
