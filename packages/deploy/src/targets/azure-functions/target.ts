// `tenon deploy azure-functions`: a function app of Azure for each process.
import type { Resources } from "../../files/diff-resources.ts";
import type { Target } from "../../target.ts";
import { render } from "./render.ts";
import { settings } from "./settings.ts";

export const azureFunctionsTarget: Target = {
  name: "azure-functions",
  summary: "Azure Functions: a function app for each process, with timers and queues, and a script that publishes them",
  settings,
  render,
  resourcesIn,
  nextSteps: () => ["./package.sh", "RESOURCE_GROUP=... KEY_VAULT=... ./deploy.sh"],
};

function resourcesIn(path: string, text: string): Resources | undefined {
  const found = /^(infra|app-settings)\/([^/]+)\.json$/.exec(path);
  if (found === null) return undefined;
  try {
    return new Map([[`${found[1]}/${found[2]}`, JSON.parse(text)]]);
  } catch {
    // Somebody's edit that is no longer JSON is compared line by line.
    return undefined;
  }
}
