// A service account for each process, and the roles it has, each on one thing.
import type { Unit } from "../../../deployment/deployment.ts";
import { type Block, label, ref, resource } from "../blocks.ts";
import type { Binding } from "./grants.ts";

export function identityBlocks(units: readonly Unit[], bindings: readonly Binding[]): readonly Block[] {
  return [
    ...units.map(({ name }) => account(name, `Process ${name} of ${ref("var.name")}.`)),
    ...bindingBlocks(bindings),
  ];
}

export function bindingBlocks(bindings: readonly Binding[]): readonly Block[] {
  return bindings.map(({ type, name, unit, role, on }) =>
    resource(type, name, { ...on, role, member: memberOf(unit) }),
  );
}

export function account(name: string, description: string): Block {
  return resource("google_service_account", label(name), {
    account_id: `${ref("var.name")}-${name}`,
    display_name: `${ref("var.name")}-${name}`,
    description,
  });
}

export function memberOf(unit: string): string {
  return `serviceAccount:${ref(`google_service_account.${label(unit)}.email`)}`;
}
