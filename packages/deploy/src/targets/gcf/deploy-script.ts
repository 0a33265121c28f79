// deploy.sh: what `gcloud` is told, function by function. It may be run again: what is there is brought up to date.
import type { CloudFunction, SchedulerJob } from "./resources.ts";
import type { GcfSettings } from "./settings.ts";

export function deployScript(
  functions: readonly CloudFunction[],
  schedules: readonly SchedulerJob[],
  settings: GcfSettings,
): string {
  const given = [...new Set(functions.flatMap((one) => one.given))].sort();
  return `#!/bin/sh
# Deploys what ./package.sh has made. Needs gcloud, logged in, and says what else it has to be told.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
: "\${PROJECT:?the project's id}" "\${REGION:?a region, as europe-west3}"
${given.map((name) => `: "\${${name}:?its value, for the functions that use it}"\n`).join("")}number=$(gcloud projects describe "$PROJECT" --format='value(projectNumber)')

# The address of a function is known before it is there.
address() { echo "https://$1-$number.$REGION.run.app"; }
${functions.map((one) => functionStep(one, settings)).join("\n")}${schedules.map(scheduleStep).join("\n")}`;
}

function functionStep(
  { name, unit, entryPoint, trigger, secrets, urls, given, variables }: CloudFunction,
  settings: GcfSettings,
): string {
  const { runtime, concurrency, memoryMegabytes, timeoutSeconds } = settings;
  const values = [
    ...Object.entries(variables).map(([key, value]) => [key, quoted(value)] as const),
    ...Object.entries(urls).map(([key, to]) => [key, `"$(address ${to})"`] as const),
    ...given.map((key) => [key, `"$${key}"`] as const),
  ].sort(([a], [b]) => (a < b ? -1 : 1));
  // Another separator than the comma, which values may have.
  const environment = values.map(([key, value]) => `${key}=${value}`).join("@@");
  const flags = [
    `--project "$PROJECT" --region "$REGION" --gen2 --runtime ${runtime} --quiet`,
    `--source "$here/packages/${unit.name}" --entry-point ${entryPoint}`,
    trigger === undefined ? "--trigger-http --allow-unauthenticated" : `--trigger-topic ${trigger} --retry`,
    `--memory ${memoryMegabytes}Mi --timeout ${timeoutSeconds}s --concurrency ${concurrency} --cpu 1`,
    `--set-env-vars ^@@^${environment}`,
    ...(secrets.length === 0
      ? []
      : [`--set-secrets ${secrets.map((secret) => `${secret}=${secret}:latest`).join(",")}`]),
  ];
  return `\ngcloud functions deploy ${name} \\\n${flags.map((line) => `  ${line}`).join(" \\\n")}\n`;
}

/** The function knows tick by tick what has run, so that a tick that comes twice runs once. */
function scheduleStep({ name, function: target, job, schedule, timeZone }: SchedulerJob): string {
  const path = `/__tenon/cron/${encodeURIComponent(job)}`;
  return `
verb=create
gcloud scheduler jobs describe ${name} --project "$PROJECT" --location "$REGION" >/dev/null 2>&1 && verb=update
headers=--headers
[ "$verb" = create ] || headers=--update-headers
gcloud scheduler jobs "$verb" http ${name} \\
  --project "$PROJECT" --location "$REGION" --quiet \\
  --schedule '${schedule}' --time-zone ${timeZone} \\
  --uri "$(address ${target})${path}" --http-method POST \\
  "$headers" "x-tenon-credential=\${TENON_KEY:?the key of the app, which schedules prove themselves with}"
`;
}

function quoted(value: string): string {
  return `'${value.replaceAll("'", "'\\''")}'`;
}
