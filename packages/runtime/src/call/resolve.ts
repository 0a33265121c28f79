// Where an endpoint of another service lives right now: in this process, or at an address.
import type { Attributes, EndpointCodec, EndpointKind } from "@tenon/model";
import { HostError } from "../lifecycle/host-error.ts";
import { pathOfCall } from "./call-path.ts";
import { ClientSpans } from "./client-spans.ts";
import type { HostedEndpoint } from "./hosted-endpoint.ts";
import { Pace } from "./pace.ts";
import type { CallTarget } from "./policy.ts";
import { RequestError } from "./request-error.ts";
import type { Topology } from "./topology.ts";
import { WireRoute } from "./wire-route.ts";

export interface ResolvedTarget extends CallTarget {
  readonly service: string;
  readonly kind: EndpointKind;
  readonly codec: EndpointCodec;
  /** undefined: in another process. */
  readonly hosted: HostedEndpoint | undefined;
  /** Path of the call on the other side's internal port. */
  readonly path: string;
  /** How a request to it begins, while it lives in another process. */
  readonly wire: WireRoute;
  readonly pace: Pace;
  /** Of the caller's span. */
  readonly attributes: Attributes;
  readonly spans: ClientSpans;
}

/** Throws HostError when the build has no such endpoint: client and build are not of one piece. */
export function resolve(topology: Topology, service: string, endpoint: string): ResolvedTarget {
  const name = `${service}.${endpoint}`;
  const codec = topology.codecs.get(name);
  if (codec === undefined) {
    if (topology.graph.services.some((candidate) => candidate.name === service)) {
      throw new HostError("codec_missing", { service, endpoint: name });
    }
    const known = topology.graph.services.map((candidate) => candidate.name).join(", ");
    throw new HostError("service_unknown", { service, known });
  }
  const attributes = { "rpc.system": "tenon", "rpc.service": service, "rpc.method": endpoint };
  return {
    name,
    service,
    kind: kindOf(topology, service, endpoint),
    codec,
    hosted: topology.hosted.get(name),
    path: pathOfCall(service, endpoint),
    wire: new WireRoute(),
    pace: new Pace(),
    attributes,
    spans: new ClientSpans(name, attributes),
    deadlinePassed: () => new RequestError("deadline_passed", { endpoint: name }),
  };
}

function kindOf({ graph }: Topology, service: string, endpoint: string): EndpointKind {
  const { endpoints } = graph.services.find((candidate) => candidate.name === service)!;
  return endpoints.find((candidate) => candidate.name === endpoint)!.kind;
}
