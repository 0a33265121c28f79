// What the client files are made from: the services and endpoints found in the source, before any type is known.
import type { EndpointKind } from "@tenon/model";

export interface ClientEndpoint {
  readonly name: string;
  /** As it is declared: "typed" may turn out to be "http-stream". */
  readonly kind: EndpointKind;
  /** Relative to the app's folder, with forward slashes. */
  readonly file: string;
  /** The name under which `file` exports the endpoint. */
  readonly exportName: string;
  /** The way from the export to the endpoint: ["get"] for `export const users = { get: api(...) }`. */
  readonly members?: readonly string[];
}

export interface ClientService {
  readonly name: string;
  readonly endpoints: readonly ClientEndpoint[];
}

/** The name under which `~tenon/clients` exports a service: "user-profile" -> "userProfile". */
export function clientName(service: string): string {
  const name = service.replace(/[^\p{ID_Continue}$]+(.?)/gu, (_, next: string) => next.toUpperCase());
  return /^[\p{ID_Start}$_]/u.test(name) ? name : `_${name}`;
}

/** Name of the interface that describes a service's client: "UserProfileClient". */
export function clientInterfaceName(service: string): string {
  const name = clientName(service);
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}Client`;
}

/** `users.ref()` is the client itself, unless the service has an endpoint of that name. */
export function hasRef({ endpoints }: ClientService): boolean {
  return endpoints.every(({ name }) => name !== "ref");
}

/**
 * Services and endpoints in order of name, so that the files do not depend on the order of discovery. Folders of files are for clients
 * outside.
 */
export function sortedServices(services: readonly ClientService[]): ClientService[] {
  return services
    .map((service) => ({
      ...service,
      endpoints: service.endpoints.filter(({ kind }) => kind !== "static").toSorted(byName),
    }))
    .sort(byName);
}

function byName(a: { name: string }, b: { name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
