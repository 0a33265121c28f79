// `tenon deploy vm`: machines with systemd, without containers.
import type { Target, TargetInput } from "../../target.ts";
import { readContext } from "./context.ts";
import { render, resourcesIn } from "./render.ts";
import { resourcesOf } from "./resources.ts";
import { settings } from "./settings.ts";

export const vmTarget: Target = {
  name: "vm",
  aliases: ["systemd"],
  summary: "systemd units, and scripts that install, upgrade without a failed request, and roll back, also over ssh",
  settings,
  render: (input) => render(resourcesOf(readContext(input))),
  resourcesIn,
  nextSteps: (input: TargetInput) => {
    const { settings: read } = readContext(input);
    const where = read.hosts.length === 0 ? "on the host" : `reaches ${read.hosts.join(", ")}`;
    return [
      "tenon build",
      `./install.sh     once, ${where}: prepares it, says what is missing, and brings in the first release`,
      "./upgrade.sh     brings in the next one",
      "./rollback.sh    goes back to the one before",
    ];
  },
};
