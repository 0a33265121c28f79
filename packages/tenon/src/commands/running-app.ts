// Finds the `tenon dev` that runs for an app, for the commands that look into it.
import { readInstance } from "../dev/instance.ts";
import { appFolder } from "./app-folder.ts";
import { CommandError } from "./definition.ts";

/** Base URL of the dashboard. Throws CommandError `not_running`. */
export async function dashboardOf(dir: string | undefined): Promise<string> {
  const appDir = appFolder(dir);
  const instance = await readInstance(appDir);
  if (instance?.dashboard === undefined) {
    throw new CommandError(
      "not_running",
      `no \`tenon dev\` is running for the app in ${appDir}`,
      "Start it, or name the app's folder with --app DIR.",
    );
  }
  return instance.dashboard;
}
