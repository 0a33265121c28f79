// Blob Storage: one account, in it a container for each bucket. Nobody has its key: processes use their containers as their own identities.
import { type Deployment, edgesOf } from "../../../deployment/deployment.ts";
import type { Json } from "../../../deployment/unit-infra.ts";
import { type Block, type Body, label, ref, resource } from "../blocks.ts";
import type { Assignment } from "./grants.ts";
import { place } from "./place.ts";

const account = "azurerm_storage_account.main";

export function bucketBlocks({ buckets }: Deployment): readonly Block[] {
  if (buckets.length === 0) return [];
  return [
    resource("azurerm_storage_account", "main", {
      ...place(),
      name: ref("var.storage_account_name"),
      account_tier: "Standard",
      account_replication_type: ref("var.storage_replication"),
      min_tls_version: "TLS1_2",
      shared_access_key_enabled: false,
      default_to_oauth_authentication: true,
      allow_nested_items_to_be_public: buckets.some(({ isPublic }) => isPublic),
      // Azure keeps versions of all containers of an account, or of none.
      blob_properties: [{ versioning_enabled: buckets.some(({ isVersioned }) => isVersioned) }],
    }),
    ...buckets.map(({ name, isPublic }) =>
      resource("azurerm_storage_container", label(name), {
        name: containerName(name),
        storage_account_id: ref(`${account}.id`),
        container_access_type: isPublic ? "blob" : "private",
      }),
    ),
  ];
}

/** Objects of single containers; and keys that sign URLs for others, which Azure gives for the whole account, and which reach no further than the identity. */
export function bucketAssignments(deployment: Deployment): readonly Assignment[] {
  return deployment.units.flatMap(({ name: unit }) => {
    const edges = edgesOf(deployment, unit, "bucket");
    if (edges.length === 0) return [];
    return [
      ...edges.map((edge): Assignment => {
        const bucket = label(edge.bucket);
        return {
          name: `${label(unit)}_bucket_${bucket}`,
          unit,
          role: "Storage Blob Data Contributor",
          scope: ref(`azurerm_storage_container.${bucket}.id`),
          onText: `container ${edge.bucket}`,
          because: [edge],
        };
      }),
      {
        name: `${label(unit)}_signs`,
        unit,
        role: "Storage Blob Delegator",
        scope: ref(`${account}.id`),
        onText: "the storage account, for URLs that it signs",
        because: edges,
      },
    ];
  });
}

export function objectStorage({ buckets: all }: Deployment, buckets: readonly string[]): Body {
  const places = buckets.map((name): [string, Json] => {
    const isPublic = all.some((one) => one.name === name && one.isPublic);
    const url = `${ref(`${account}.primary_blob_endpoint`)}${containerName(name)}`;
    return [
      name,
      { name: ref(`azurerm_storage_container.${label(name)}.name`), ...(isPublic ? { public_base_url: url } : {}) },
    ];
  });
  return { type: "azure_blob", account: ref(`${account}.name`), buckets: Object.fromEntries(places) };
}

/** 3 to 63 characters, with no two dashes in a row. */
function containerName(bucket: string): string {
  const name = bucket
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "");
  return name.length < 3 ? `bucket-${name}` : name;
}
