// What almost every resource of Azure begins with: a name, where it is, and its tags.
import { type Body, ref } from "../blocks.ts";

/** `suffix` follows `var.name`. */
export function place(suffix = ""): Body {
  return {
    name: `${ref("var.name")}${suffix}`,
    resource_group_name: ref("azurerm_resource_group.main.name"),
    location: ref("azurerm_resource_group.main.location"),
    tags: ref("local.tags"),
  };
}
