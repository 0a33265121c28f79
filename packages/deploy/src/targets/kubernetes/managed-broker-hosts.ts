// Where the servers of a broker are that setting `infra` names, for the network policies: those of a cloud are reached by HTTPS, the others at the
// addresses that their entry of `pubsub` has.
import type { Json } from "../../deployment/unit-infra.ts";

/** As a NetworkPolicy needs it. */
export interface BrokerHost {
  /** With its port, where the entry names one; undefined: an address that is known in the cluster only. */
  readonly host: string | undefined;
  readonly port: number;
}

/** By `type`: the keys with addresses, and the port of those that name none. */
const ownServers: Readonly<Record<string, { readonly keys: readonly string[]; readonly port: number }>> = {
  nats: { keys: ["servers"], port: 4222 },
  nsq: { keys: ["hosts", "http_hosts"], port: 4150 },
  postgres: { keys: ["host", "connection_string"], port: 5432 },
  redis: { keys: ["host", "url"], port: 6379 },
};

export function managedBrokerHosts(entry: { readonly [key: string]: Json }): readonly BrokerHost[] {
  const own = ownServers[String(entry["type"])];
  if (own === undefined) return [{ host: undefined, port: 443 }];
  return own.keys.flatMap((key): BrokerHost[] => {
    const value = entry[key];
    if (value === undefined) return [];
    if (typeof value !== "string") return [{ host: undefined, port: own.port }];
    return value.split(",").map((place) => ({ host: withoutScheme(place.trim()), port: own.port }));
  });
}

/** "nats://user:password@broker:4222/path" -> "broker:4222" */
function withoutScheme(place: string): string {
  return place.replace(/^\w+:\/\/(?:[^@/]*@)?/, "").replace(/[/?].*$/, "");
}
