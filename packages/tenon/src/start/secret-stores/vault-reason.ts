// What a Vault says of a request that it refused: a list of texts.
import type { Settings } from "../infra-values.ts";

export function vaultReason({ errors }: Settings): string | undefined {
  return Array.isArray(errors) ? errors.filter((one) => typeof one === "string").join(", ") : undefined;
}
