// A managed identity for each process, and the roles it has, each on one thing.
import { type Block, label, ref, resource } from "../blocks.ts";
import type { Assignment } from "./grants.ts";
import { place } from "./place.ts";

export function identityBlocks(names: readonly string[], assignments: readonly Assignment[]): readonly Block[] {
  return [
    ...names.map((name) => resource("azurerm_user_assigned_identity", label(name), place(`-${name}`))),
    ...assignments.map(({ name, unit, role, scope }) =>
      resource("azurerm_role_assignment", name, {
        scope,
        role_definition_name: role,
        principal_id: ref(`azurerm_user_assigned_identity.${label(unit)}.principal_id`),
        principal_type: "ServicePrincipal",
      }),
    ),
  ];
}

export function identityId(unit: string): string {
  return ref(`azurerm_user_assigned_identity.${label(unit)}.id`);
}
