// `tenon deploy gcf`: a function of Google Cloud for each process, deployed by a script of gcloud commands.
import type { Resources } from "../../files/diff-resources.ts";
import type { Target } from "../../target.ts";
import { render } from "./render.ts";
import { settings } from "./settings.ts";

export const gcfTarget: Target = {
  name: "gcf",
  aliases: ["cloud-functions"],
  summary: "Google Cloud (Cloud Run functions): a function for each process, with schedules, as a script for gcloud",
  settings,
  render,
  resourcesIn,
  nextSteps: () => ["./package.sh", "PROJECT=... REGION=... ./deploy.sh"],
};

/** Each command of the script is one. */
function resourcesIn(path: string, text: string): Resources | undefined {
  const infra = /^infra\/([^/]+)\.json$/.exec(path)?.[1];
  if (infra !== undefined) {
    try {
      return new Map([[`infra/${infra}`, JSON.parse(text)]]);
    } catch {
      return undefined;
    }
  }
  if (path !== "deploy.sh") return undefined;
  const commands = text.split("\n\n").map((command) => command.trim().split("\n"));
  return new Map(
    commands.map((lines) => {
      const name = /gcloud functions deploy (\S+)/.exec(lines.join("\n"))?.[1];
      const job = /jobs "\$verb" http (\S+)/.exec(lines.join("\n"))?.[1];
      const id =
        name !== undefined
          ? `function/${name}`
          : job !== undefined
            ? `schedule/${job}`
            : `script/${lines[0]!.slice(0, 40)}`;
      return [id, lines];
    }),
  );
}
