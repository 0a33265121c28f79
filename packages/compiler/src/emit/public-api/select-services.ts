// Which part of an app a generated client or an OpenAPI document is about: by service, by tag, and by whether outsiders reach it.
import type { Endpoint, Graph, Service } from "@tenon/model";

export interface Selection {
  /** Names of services; absent: all. */
  readonly services?: readonly string[];
  readonly excludedServices?: readonly string[];
  /** Endpoints with one of these tags; absent: all. */
  readonly tags?: readonly string[];
  /** Wins over `tags`. */
  readonly excludedTags?: readonly string[];
  /** Also endpoints that are not exposed. Default: false. */
  readonly includePrivate?: boolean;
}

/** Services in order of name, each with the endpoints that are selected; services without any are left out. */
export function selectServices(graph: Graph, selection: Selection): Service[] {
  const { services, excludedServices = [] } = selection;
  return graph.services
    .filter(({ name }) => (services?.includes(name) ?? true) && !excludedServices.includes(name))
    .map((service) => ({ ...service, endpoints: service.endpoints.filter((one) => isSelected(one, selection)) }))
    .filter(({ endpoints }) => endpoints.length > 0);
}

function isSelected(endpoint: Endpoint, { tags, excludedTags = [], includePrivate = false }: Selection): boolean {
  if (!endpoint.expose && !includePrivate) return false;
  if (endpoint.tags.some((tag) => excludedTags.includes(tag))) return false;
  return tags === undefined || endpoint.tags.some((tag) => tags.includes(tag));
}
