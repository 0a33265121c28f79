// Deployment -> the function apps with what each registers and is told, as plain objects.
import type { CronJob } from "@tenon/model";
import type { Deployment, Unit } from "../../deployment/deployment.ts";
import { cronFields, fieldText } from "../functions/cron-fields.ts";
import { functionVariables, queuesOf } from "../functions/variables.ts";
import type { AzureSettings } from "./settings.ts";
import { revisionEnvironment } from "../revision.ts";

export interface FunctionApp {
  readonly name: string;
  readonly unit: Unit;
  /** Six fields, of which the first is the second; in UTC. */
  readonly timers: readonly { readonly job: string; readonly schedule: string }[];
  /** Queues of Service Bus. */
  readonly queues: readonly { readonly subscription: string; readonly queue: string }[];
  /** As Azure takes them: name and value, where secrets are references to Key Vault. */
  readonly appSettings: Readonly<Record<string, string>>;
}

export function functionAppsOf(
  deployment: Deployment,
  units: readonly Unit[],
  jobs: readonly CronJob[],
  settings: AzureSettings,
): readonly FunctionApp[] {
  const prefix = settings.appPrefix ?? deployment.app;
  return units.map((unit) => {
    const { secrets, urls, given } = functionVariables(deployment, unit, units, "azure");
    const { otlpEndpoint } = settings;
    const appSettings = {
      ...Object.fromEntries(
        secrets.map((name) => [
          name,
          `@Microsoft.KeyVault(VaultName=\${KEY_VAULT};SecretName=${name.replaceAll("_", "-")})`,
        ]),
      ),
      ...Object.fromEntries(
        Object.entries(urls).map(([name, to]) => [name, `https://${prefix}-${to}.azurewebsites.net`]),
      ),
      ...Object.fromEntries(given.map((name) => [name, `\${${name}}`])),
      ...(otlpEndpoint === undefined ? {} : { OTEL_EXPORTER_OTLP_ENDPOINT: otlpEndpoint }),
      ...revisionEnvironment(settings),
    };
    return {
      name: `${prefix}-${unit.name}`,
      unit,
      timers: jobs
        .filter(({ service }) => unit.services.includes(service))
        .map((job) => {
          const { minutes, hours, days, months, weekdays } = cronFields(job);
          return {
            job: job.name,
            schedule: ["0", ...[minutes, hours, days, months, weekdays].map(fieldText)].join(" "),
          };
        }),
      queues: queuesOf(deployment, unit, settings.queues).map(([subscription, queue]) => ({ subscription, queue })),
      appSettings: Object.fromEntries(Object.entries(appSettings).sort(([a], [b]) => (a < b ? -1 : 1))),
    };
  });
}
