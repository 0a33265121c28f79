// `metadata` of infra.json: where the app runs, as `appMeta()` tells it.
import type { CloudProvider, EnvironmentType } from "@tenon/runtime";
import type { Infra } from "./infra.ts";

const types: readonly EnvironmentType[] = ["production", "development", "ephemeral", "test"];
const clouds: readonly CloudProvider[] = ["aws", "gcp", "azure", "encore", "local"];

/** Adds to `problems` what cannot be meant. Other keys are of no use here. */
export function readMetadata(metadata: unknown, problems: string[]): Pick<Infra, "environment" | "apiBaseUrl"> {
  if (metadata === undefined) return { environment: undefined, apiBaseUrl: undefined };
  if (typeof metadata !== "object" || metadata === null || Array.isArray(metadata)) {
    problems.push("metadata must be an object");
    return { environment: undefined, apiBaseUrl: undefined };
  }
  const { env_name: name, env_type: type, cloud, base_url: baseUrl } = metadata as Record<string, unknown>;
  for (const [key, value] of Object.entries({ env_name: name, env_type: type, cloud, base_url: baseUrl })) {
    if (value !== undefined && typeof value !== "string") problems.push(`metadata.${key} must be a string`);
  }
  const knownType = types.find((candidate) => candidate === type);
  const knownCloud = clouds.find((candidate) => candidate === cloud);
  return {
    environment: {
      ...(typeof name === "string" ? { name } : {}),
      ...(knownType === undefined ? {} : { type: knownType }),
      ...(knownCloud === undefined ? {} : { cloud: knownCloud }),
    },
    apiBaseUrl: typeof baseUrl === "string" ? baseUrl : undefined,
  };
}
