// A network of the app's own. Processes reach the servers in it only where a firewall rule lets their tag, and everything else through Google's edge.
import type { Deployment } from "../../../deployment/deployment.ts";
import { type Block, type Body, label, local, ref, resource } from "../blocks.ts";
import type { Opening } from "./grants.ts";

/** Several processes call each other inside the network, and so send all traffic into it; one alone sends only what is for the servers. */
export function isSplit({ units }: Deployment): boolean {
  return units.length > 1;
}

/** That from which servers are reached. */
export const networkId = ref("local.network_id");

export function networkBlocks(
  deployment: Deployment,
  openings: readonly Opening[],
  tags: readonly string[],
): readonly Block[] {
  return [
    resource("google_compute_network", "main", { name: ref("var.name"), auto_create_subnetworks: false }),
    local("network_id", ref("google_compute_network.main.id")),
    resource("google_compute_subnetwork", "main", {
      name: ref("var.name"),
      region: ref("var.region"),
      network: ref("google_compute_network.main.id"),
      ip_cidr_range: ref("var.subnet_cidr"),
      private_ip_google_access: true,
    }),
    resource("google_compute_global_address", "servers", addressRange()),
    resource(
      "google_service_networking_connection",
      "servers",
      serverConnection("google_compute_global_address.servers"),
    ),
    resource("google_compute_firewall", "no_servers", {
      ...firewall("no-servers", tags, "65000"),
      deny: [{ protocol: "all" }],
      destination_ranges: [
        `${ref("google_compute_global_address.servers.address")}/${ref("google_compute_global_address.servers.prefix_length")}`,
      ],
    }),
    ...openings.map(({ name, unit, address, port }) =>
      resource("google_compute_firewall", name, {
        ...firewall(name.replaceAll("_", "-"), [unit], "1000"),
        allow: [{ protocol: "tcp", ports: [String(port)] }],
        destination_ranges: [`${ref(address)}/32`],
      }),
    ),
    ...(isSplit(deployment) ? wayOut() : []),
  ];
}

/** Where Google puts servers that are reached from the network alone. */
export function addressRange(): Body {
  return {
    name: `${ref("var.name")}-servers`,
    purpose: "VPC_PEERING",
    address_type: "INTERNAL",
    prefix_length: 20,
    network: networkId,
  };
}

/** `range`: an `addressRange`, as an expression. */
export function serverConnection(range: string): Body {
  return {
    network: networkId,
    service: "servicenetworking.googleapis.com",
    reserved_peering_ranges: [ref(`${range}.name`)],
  };
}

/** How a container is connected. */
export function vpcAccess(deployment: Deployment, unit: string): Body {
  return {
    egress: isSplit(deployment) ? "ALL_TRAFFIC" : "PRIVATE_RANGES_ONLY",
    network_interfaces: [
      {
        network: ref("google_compute_network.main.id"),
        subnetwork: ref("google_compute_subnetwork.main.id"),
        tags: [tagOf(unit)],
      },
    ],
  };
}

function firewall(name: string, units: readonly string[], priority: string): Body {
  return {
    name: `${ref("var.name")}-${name.toLowerCase()}`,
    network: ref("google_compute_network.main.id"),
    direction: "EGRESS",
    priority: Number(priority),
    target_tags: units.map(tagOf),
  };
}

function tagOf(unit: string): string {
  return `${ref("var.name")}-${label(unit).replaceAll("_", "-").replace(/^-/, "")}`;
}

function wayOut(): readonly Block[] {
  return [
    resource("google_compute_router", "main", {
      name: ref("var.name"),
      region: ref("var.region"),
      network: ref("google_compute_network.main.id"),
    }),
    resource("google_compute_router_nat", "main", {
      name: ref("var.name"),
      region: ref("var.region"),
      router: ref("google_compute_router.main.name"),
      nat_ip_allocate_option: "AUTO_ONLY",
      source_subnetwork_ip_ranges_to_nat: "ALL_SUBNETWORKS_ALL_IP_RANGES",
    }),
  ];
}
