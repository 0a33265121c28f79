// What each process may do on Azure, from the edges of the graph: reading single secrets of the vault, for its managed identity. Role assignments are
// made from this list, and so is the page that explains them.
import { type Deployment, type Edge, edgesOf, type Unit } from "../../../deployment/deployment.ts";
import { cachePasswordVariable } from "../../../deployment/variables.ts";
import { label, ref } from "../blocks.ts";
import type { Grant } from "../grant.ts";
import { neededSecrets, secretLabel, secretName, type SecretSource } from "../needed-secrets.ts";

export interface Assignment {
  /** In Terraform. */
  readonly name: string;
  readonly unit: string;
  readonly role: string;
  /** Id of the one thing that the role is for. */
  readonly scope: string;
  readonly onText: string;
  readonly because: readonly Edge[] | string;
}

/** A secret of the vault, and the environment variable that a process gets it in. */
export interface VaultSecret {
  /** In Terraform. */
  readonly label: string;
  /** In the vault and in the container app: letters, digits and dashes. */
  readonly name: string;
  readonly variable: string;
  readonly edges: readonly Edge[];
}

export function vaultSecrets(deployment: Deployment, unit: Unit): readonly VaultSecret[] {
  return [
    ...neededSecrets(deployment, unit).map(({ source, variable, edges }) => ({
      ...vaultNames(source),
      variable,
      edges,
    })),
    ...edgesOf(deployment, unit.name, "cache").map((edge) => ({
      ...cacheSecret(edge.cache),
      edges: [edge],
    })),
  ];
}

export function vaultNames(source: SecretSource): Pick<VaultSecret, "label" | "name"> {
  return { label: secretLabel(source), name: secretName(source).toLowerCase() };
}

/** The access key of a cache server. */
export function cacheSecret(cache: string): Omit<VaultSecret, "edges"> {
  return {
    label: `cache_${label(cache)}`,
    name: `cache-${cache.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}`,
    variable: cachePasswordVariable(cache),
  };
}

export function assignmentsOf(deployment: Deployment): readonly Assignment[] {
  return deployment.units.flatMap((unit) => [
    pullAssignment(unit.name, "each process is started from an image"),
    ...vaultSecrets(deployment, unit).map((secret) =>
      readAssignment(
        unit.name,
        secret.label,
        secret.edges.length === 0 ? "processes of the app prove themselves to each other with it" : secret.edges,
      ),
    ),
  ]);
}

export function pullAssignment(unit: string, because: string): Assignment {
  return {
    name: `${label(unit)}_pull`,
    unit,
    role: "AcrPull",
    scope: ref("azurerm_container_registry.main.id"),
    onText: "the registry",
    because,
  };
}

export function readAssignment(unit: string, secret: string, because: Assignment["because"]): Assignment {
  return {
    name: `${label(unit)}_${secret}`,
    unit,
    role: "Key Vault Secrets User",
    scope: ref(`azurerm_key_vault_secret.${secret}.resource_versionless_id`),
    onText: `secret ${secret}`,
    because,
  };
}

export function grantsOf(assignments: readonly Assignment[]): readonly Grant[] {
  return assignments.map(({ name, unit, role, onText, because }) => ({
    unit,
    allows: `${role} on ${onText}`,
    address: `azurerm_role_assignment.${name}`,
    because,
  }));
}

/** What Azure has no narrower word for: edges that the process's key alone guards. */
export function unguardedGrants(deployment: Deployment): readonly Grant[] {
  return deployment.edges.flatMap((edge): Grant[] => {
    if (edge.kind !== "call") return [];
    return [
      {
        unit: edge.from,
        allows: `requests to ${edge.to}, port 8081, with the app's key`,
        address: `local.infra_${label(edge.from)}`,
        because: [edge],
      },
    ];
  });
}
