// The call edges: which endpoints of other services a service's code calls through the generated clients.
import type { Diagnostic } from "@tenon/model";
import { createDiagnostic } from "../diagnose/diagnostic.ts";
import type { Discovered } from "../discover/discover.ts";
import { clientName } from "../emit/clients/client-service.ts";
import type { UsersOf } from "./found-resource.ts";

type Call = { readonly service: string; readonly endpoint: string };

/** Service -> its calls, sorted. */
export function collectCalls(
  discovered: Discovered,
  usersOf: UsersOf,
  diagnostics: Diagnostic[],
): ReadonlyMap<string, readonly Call[]> {
  const endpointsOf = new Map(
    discovered.services.map(({ name, endpoints }) => [name, endpoints.map((one) => one.name)]),
  );
  // The code names a client, which for "user-mail" is `userMail`.
  const serviceOf = new Map(discovered.services.map(({ name }) => [clientName(name), name]));
  const calls = new Map<string, Map<string, Call>>();
  for (const { source, declaration } of discovered.clientUses) {
    const { endpoint } = declaration;
    if (declaration.service === null) {
      for (const [service, names] of endpointsOf)
        for (const caller of usersOf(source.relative)) addCalls(calls, caller, service, names);
      continue;
    }
    const service = serviceOf.get(declaration.service) ?? declaration.service;
    const known = endpointsOf.get(service);
    const place = source.lines.place(source.relative, declaration.call);
    if (known === undefined) {
      const words = { service, known: [...endpointsOf.keys()].join(", ") };
      diagnostics.push(createDiagnostic("TN1052", place, words));
      continue;
    }
    if (endpoint !== null && !known.includes(endpoint)) {
      diagnostics.push(createDiagnostic("TN1051", place, { service, endpoint, known: known.join(", ") || "none" }));
      continue;
    }
    for (const caller of usersOf(source.relative))
      addCalls(calls, caller, service, endpoint === null ? known : [endpoint]);
  }
  return new Map(
    [...calls].map(([caller, edges]) => [
      caller,
      [...edges.values()].sort((a, b) => compare(a.service, b.service) || compare(a.endpoint, b.endpoint)),
    ]),
  );
}

function addCalls(
  calls: Map<string, Map<string, Call>>,
  caller: string,
  service: string,
  endpoints: readonly string[],
): void {
  const edges = calls.get(caller) ?? new Map<string, Call>();
  calls.set(caller, edges);
  for (const endpoint of endpoints) edges.set(`${service}.${endpoint}`, { service, endpoint });
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
