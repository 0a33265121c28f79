// `metadata` of infra.json: where the app runs, as `appMeta()` tells it.
import type { CloudProvider, EnvironmentType } from "@tenon/runtime";
import type { Infra } from "./infra.ts";
import type { InfraValues } from "./infra-values.ts";

const types: readonly EnvironmentType[] = ["production", "development", "ephemeral", "test"];
const clouds: readonly CloudProvider[] = ["aws", "gcp", "azure", "encore", "local"];

export function readMetadata(value: unknown, values: InfraValues): Pick<Infra, "environment" | "apiBaseUrl" | "appId"> {
  if (value === undefined) return { environment: undefined, apiBaseUrl: undefined };
  const metadata = values.object(value, "metadata");
  values.only(metadata, ["app_id", "env_name", "env_type", "cloud", "base_url"], "metadata");
  const text = (key: string) =>
    metadata[key] === undefined ? undefined : values.text(metadata[key], `metadata.${key}`);
  const oneOf = <Word extends string>(key: string, words: readonly Word[]) =>
    metadata[key] === undefined ? undefined : values.word(metadata[key], words, `metadata.${key}`);
  const [name, appId, baseUrl] = [text("env_name"), text("app_id"), text("base_url")];
  const [type, cloud] = [oneOf("env_type", types), oneOf("cloud", clouds)];
  if (baseUrl !== undefined && values.isKnown(baseUrl) && baseUrl !== "" && !URL.canParse(baseUrl))
    values.problems.push(`metadata.base_url must be a URL, got "${baseUrl}"`);
  return {
    environment: {
      ...(name === undefined ? {} : { name }),
      ...(type === undefined ? {} : { type }),
      ...(cloud === undefined ? {} : { cloud }),
    },
    apiBaseUrl: baseUrl,
    ...(appId === undefined ? {} : { appId }),
  };
}
