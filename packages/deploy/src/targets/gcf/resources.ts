// Deployment -> the functions, triggers and schedules that the script makes, as plain objects.
import type { CronJob } from "@tenon/model";
import type { Deployment, Unit } from "../../deployment/deployment.ts";
import { cronFields, fieldText } from "../functions/cron-fields.ts";
import { functionVariables, queuesOf } from "../functions/variables.ts";
import type { GcfSettings } from "./settings.ts";
import { revisionEnvironment } from "../revision.ts";

export interface CloudFunction {
  readonly name: string;
  readonly unit: Unit;
  readonly entryPoint: "http" | "events";
  /** Pub/Sub topic, of a function that is handed events. */
  readonly trigger?: string;
  /** Variables whose values are in Secret Manager, under the same names. */
  readonly secrets: readonly string[];
  /** Variable -> function whose address it is. */
  readonly urls: Readonly<Record<string, string>>;
  /** Variables that the script takes from the environment of whoever runs it. */
  readonly given: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
}

export interface SchedulerJob {
  readonly name: string;
  readonly function: string;
  readonly job: string;
  /** Five fields. */
  readonly schedule: string;
  readonly timeZone: string;
}

export function functionName(deployment: Deployment, unit: string): string {
  return `${deployment.app}-${unit}`;
}

export function functionsOf(
  deployment: Deployment,
  units: readonly Unit[],
  settings: GcfSettings,
): readonly CloudFunction[] {
  return units.flatMap((unit) => {
    const { secrets, urls, given } = functionVariables(deployment, unit, units, "gcp");
    const common = {
      unit,
      secrets,
      given,
      urls: Object.fromEntries(Object.entries(urls).map(([name, to]) => [name, functionName(deployment, to)])),
    };
    const { otlpEndpoint, timeoutSeconds } = settings;
    const variables = {
      TENON_FUNCTION_TIMEOUT: String(timeoutSeconds),
      ...(otlpEndpoint === undefined ? {} : { OTEL_EXPORTER_OTLP_ENDPOINT: otlpEndpoint }),
      ...revisionEnvironment(settings),
    };
    const name = functionName(deployment, unit.name);
    const events = queuesOf(deployment, unit, settings.queues).map(
      ([subscription, topic]): CloudFunction => ({
        ...common,
        name: `${name}-${topic.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}`,
        entryPoint: "events",
        trigger: topic,
        variables: { ...variables, TENON_QUEUES: JSON.stringify({ [topic]: subscription }) },
      }),
    );
    return [{ ...common, name, entryPoint: "http", variables } as const, ...events];
  });
}

export function schedulesOf(
  deployment: Deployment,
  units: readonly Unit[],
  jobs: readonly CronJob[],
): readonly SchedulerJob[] {
  return units.flatMap((unit) =>
    jobs
      .filter(({ service }) => unit.services.includes(service))
      .map((job) => {
        const { minutes, hours, days, months, weekdays, timeZone } = cronFields(job);
        return {
          name: `${functionName(deployment, unit.name)}-${job.name}`,
          function: functionName(deployment, unit.name),
          job: job.name,
          schedule: [minutes, hours, days, months, weekdays].map(fieldText).join(" "),
          timeZone,
        };
      }),
  );
}
