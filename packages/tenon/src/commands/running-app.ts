// Finds the `tenon dev` that runs for an app, for the commands that look into it.
import { findApp } from "@tenon/compiler";
import { readInstance } from "../dev/instance.ts";
import { CommandError } from "./definition.ts";

/** Base URL of the dashboard. Throws CommandError `not_running`. */
export async function dashboardOf(dir: string | undefined): Promise<string> {
  const app = await findApp(dir ?? process.cwd());
  const instance = await readInstance(app.dir);
  if (instance?.dashboard === undefined) {
    throw new CommandError("not_running", `no \`tenon dev\` is running for the app in ${app.dir}`, "Start it, or name the app's folder with --app DIR.");
  }
  return instance.dashboard;
}
