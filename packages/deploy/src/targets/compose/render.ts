// Objects -> files.
import { stringify } from "yaml";
import { unitInfra } from "../../deployment/unit-infra.ts";
import type { GeneratedFile } from "../../files/generated-file.ts";
import type { TargetInput } from "../../target.ts";
import { bucketsScript } from "./buckets-script.ts";
import { collectorText } from "./collector-text.ts";
import { databasesSql } from "./databases-sql.ts";
import { broker, bucketsJob, collector, databasesJob } from "./engines.ts";
import { places } from "./places.ts";
import { resources } from "./resources.ts";
import { type ComposeSettings, composeSettings } from "./settings.ts";
import { allVariables, type Variable } from "./variables.ts";

const heading = `# Made by \`tenon deploy compose\`, which makes it again after a change of the app. What is yours goes into compose.override.yaml.
`;

/** Quotes what YAML 1.1 takes for something else ("no", "on"): Podman's reader and others are of that version. */
const yamlOptions = { aliasDuplicateObjects: false, lineWidth: 0, version: "1.1" } as const;

/** Throws DeployError `name_not_deployable`, `setting_invalid`. */
export function render({ deployment, settings: values }: TargetInput): readonly GeneratedFile[] {
  const settings = composeSettings(values);
  const compose = resources(deployment, settings);
  const where = places(deployment, settings);
  const has = (service: string) => Object.hasOwn(compose.services, service);
  return [
    { path: "compose.yaml", text: `${heading}${stringify(compose, yamlOptions)}` },
    { path: "compose.override.yaml", text: overrideText, isUsers: true },
    { path: ".env.example", text: environmentText(allVariables(deployment, settings), settings) },
    ...deployment.units.map((unit) => ({
      path: `infra/${unit.name}.json`,
      text: `${JSON.stringify(unitInfra(deployment, unit, where), null, 2)}\n`,
    })),
    ...(has(databasesJob) ? [{ path: "databases.sql", text: databasesSql(deployment, settings) }] : []),
    ...(has(broker) && settings.broker === "nats" ? [{ path: "nats.conf", text: natsText }] : []),
    ...(has(bucketsJob) ? [{ path: "buckets.sh", text: bucketsScript(deployment) }] : []),
    ...(has(collector) ? [{ path: "collector.yaml", text: collectorText, isUsers: true } as const] : []),
  ];
}

const overrideText = `# Yours: Tenon writes it once and never again. Compose lays it over compose.yaml.
# services:
#   gateway:
#     environment:
#       OTEL_METRIC_EXPORT_INTERVAL: "30000"
services: {}
`;

/** Written through to the disk: what is acknowledged survives a loss of power. */
const natsText = `listen: 0.0.0.0:4222
http: 127.0.0.1:8222
jetstream {
  store_dir: /jetstream
  sync_interval: always
}
`;

function environmentText(variables: readonly Variable[], { port, tag, objectsUrl }: ComposeSettings): string {
  const defaults = [
    `# version of the app's images\nTAG=${tag}`,
    `# port of this machine where the API listens\nPUBLIC_PORT=${port}`,
    ...(objectsUrl === undefined ? [] : ["# port of this machine where the object store listens\nOBJECTS_PORT=8333"]),
  ];
  const lines = variables.map(({ name, summary }) => `# ${summary}\n${name}=`);
  return `# Copy it to .env and fill it in. A value with a dollar sign goes in single quotes; \`openssl rand -hex 24\` makes a good one.
# What is in .env stays out of version control.

${[...defaults, ...lines].join("\n")}
`;
}
