// A network of the app's own: one subnet for the processes, one for the database server, which has no address outside of it.
import { type Block, type Body, ref, resource } from "../blocks.ts";
import { place } from "./place.ts";

export function networkBlocks(): readonly Block[] {
  return [
    resource("azurerm_virtual_network", "main", { ...place(), address_space: [ref("var.network_cidr")] }),
    subnet("apps", ref("cidrsubnet(var.network_cidr, 5, 0)"), "Microsoft.App/environments"),
  ];
}

export function databaseNetwork(): readonly Block[] {
  const { location: _location, ...global } = place();
  const zone: Body = { ...global, name: `${ref("var.name")}.postgres.database.azure.com` };
  return [
    subnet("database", ref("cidrsubnet(var.network_cidr, 8, 255)"), "Microsoft.DBforPostgreSQL/flexibleServers"),
    resource("azurerm_private_dns_zone", "database", zone),
    resource("azurerm_private_dns_zone_virtual_network_link", "database", {
      ...global,
      private_dns_zone_name: ref("azurerm_private_dns_zone.database.name"),
      virtual_network_id: ref("azurerm_virtual_network.main.id"),
    }),
    resource("azurerm_network_security_group", "database", {
      ...place("-database"),
      security_rule: [
        rule("processes", 100, "Allow", {
          source_address_prefix: appsPrefix,
          destination_port_range: "5432",
          protocol: "Tcp",
        }),
        rule("nobody-else", 200, "Deny", { source_address_prefix: "*", destination_port_range: "*", protocol: "*" }),
      ],
    }),
    resource("azurerm_subnet_network_security_group_association", "database", {
      subnet_id: ref("azurerm_subnet.database.id"),
      network_security_group_id: ref("azurerm_network_security_group.database.id"),
    }),
  ];
}

const appsPrefix = ref("azurerm_subnet.apps.address_prefixes[0]");

function rule(name: string, priority: number, access: "Allow" | "Deny", what: Body): Body {
  return {
    name,
    priority,
    access,
    direction: "Inbound",
    source_port_range: "*",
    destination_address_prefix: ref("azurerm_subnet.database.address_prefixes[0]"),
    ...what,
  };
}

function subnet(name: string, prefix: string, service: string): Block {
  return resource("azurerm_subnet", name, {
    name,
    resource_group_name: ref("azurerm_resource_group.main.name"),
    virtual_network_name: ref("azurerm_virtual_network.main.name"),
    address_prefixes: [prefix],
    delegation: [
      {
        name,
        service_delegation: [{ name: service, actions: ["Microsoft.Network/virtualNetworks/subnets/join/action"] }],
      },
    ],
  });
}
