// Objects -> files.
import type { GeneratedFile } from "../../files/generated-file.ts";
import type { TargetInput } from "../../target.ts";
import { functionUnits } from "../functions/function-units.ts";
import { packageScript } from "../functions/package-script.ts";
import { functionInfra } from "../functions/places.ts";
import { entryText } from "./entry-text.ts";
import { type FunctionApp, functionAppsOf } from "./resources.ts";
import { azureSettings } from "./settings.ts";

/** Blob Storage as the identity of the function app: there is no key to keep. */
const objectStorage = { type: "azure_blob", account: { $env: "OBJECTS_ACCOUNT" } };

/** No prefix in front of the app's own paths; the timeout is for each invocation. */
function hostText(timeoutSeconds: number): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const time = `${two(Math.floor(timeoutSeconds / 3600))}:${two(Math.floor(timeoutSeconds / 60) % 60)}:${two(timeoutSeconds % 60)}`;
  const host = {
    version: "2.0",
    functionTimeout: time,
    extensions: { http: { routePrefix: "" } },
    extensionBundle: { id: "Microsoft.Azure.Functions.ExtensionBundle", version: "[4.*, 5.0.0)" },
  };
  return `${JSON.stringify(host, null, 2)}\n`;
}

/** Throws DeployError `setting_invalid`, `target_unable`. */
export function render(input: TargetInput): readonly GeneratedFile[] {
  const { deployment, graph } = input;
  const settings = azureSettings(input.settings);
  const { units } = functionUnits(input, settings);
  const apps = functionAppsOf(deployment, units, graph.cronJobs ?? [], settings).map((app) =>
    deployment.edges.some(({ kind, from }) => kind === "bucket" && from === app.unit.name) ? withAccount(app) : app,
  );
  const also = [
    'cp "$here/apps/$name.mjs" "$folder/azure.mjs"',
    'cp "$here/host.json" "$folder/host.json"',
    '(cd "$folder" && npm pkg set main=azure.mjs dependencies.@azure/functions=^4.16.5 && npm install --ignore-scripts --no-audit --no-fund)',
  ];
  return [
    { path: "deploy.sh", text: deployText(apps), isExecutable: true },
    { path: "host.json", text: hostText(settings.timeoutSeconds) },
    packageScript(units, "host.json", also),
    ...apps.map((app) => ({ path: `apps/${app.unit.name}.mjs`, text: entryText(app) })),
    ...apps.map((app) => ({
      path: `app-settings/${app.unit.name}.json`,
      text: `${JSON.stringify(app.appSettings, null, 2)}\n`,
    })),
    ...units.map((unit) => ({
      path: `infra/${unit.name}.json`,
      text: `${JSON.stringify(functionInfra(deployment, unit, settings, { cloud: "azure", objectStorage }), null, 2)}\n`,
    })),
  ];
}

function withAccount(app: FunctionApp): FunctionApp {
  const all = Object.entries({ ...app.appSettings, OBJECTS_ACCOUNT: `\${OBJECTS_ACCOUNT}` });
  return { ...app, appSettings: Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1))) };
}

/** Values of app settings name variables of whoever runs it. */
function deployText(apps: readonly FunctionApp[]): string {
  const variables = [
    ...new Set(
      apps.flatMap(({ appSettings }) =>
        [...JSON.stringify(appSettings).matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name),
      ),
    ),
  ].sort();
  const steps = apps.map(
    ({ name, unit }) => `
publish ${name} ${unit.name}`,
  );
  return `#!/bin/sh
# Publishes what ./package.sh has made to function apps that are there already. Needs az and func (Azure Functions Core Tools), logged in.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
: "\${RESOURCE_GROUP:?the resource group of the function apps}"
${variables.map((name) => `: "\${${name}:?its value, for the app settings that name it}"\n`).join("")}
publish() {
  settings=$(mktemp)
  envsubst <"$here/app-settings/$2.json" >"$settings"
  az functionapp config appsettings set --resource-group "$RESOURCE_GROUP" --name "$1" --settings "@$settings" --output none
  rm -f "$settings"
  (cd "$here/packages/$2" && func azure functionapp publish "$1" --javascript --no-build)
}
${steps.join("")}
`;
}
