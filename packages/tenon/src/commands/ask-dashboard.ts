// One question to the API of a running dashboard.
import { CommandError } from "./definition.ts";

/** Throws CommandError with the dashboard's own code, or `not_running` when nobody answers. */
export async function askDashboard<T>(url: string): Promise<T> {
  const response = await fetch(url).catch((error: Error) => {
    throw new CommandError(
      "not_running",
      `the dashboard at ${new URL(url).origin} does not answer: ${error.message}`,
      "Is `tenon dev` running?",
    );
  });
  const body = (await response.json()) as T & { code?: string; message?: string };
  if (!response.ok)
    throw new CommandError(body.code ?? "failed", body.message ?? `the dashboard answered ${response.status}`);
  return body;
}
