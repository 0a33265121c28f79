// One question to the API of a running dashboard.
import { CommandError } from "./definition.ts";

/** `body`: sent with POST. Throws CommandError with the dashboard's own code, or `not_running` when nobody answers. */
export async function askDashboard<T>(url: string, body?: object): Promise<T> {
  const post = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(url, body === undefined ? {} : post).catch((error: Error) => {
    throw new CommandError(
      "not_running",
      `the dashboard at ${new URL(url).origin} does not answer: ${error.message}`,
      "Is `tenon dev` running?",
    );
  });
  const answer = (await response.json()) as T & { code?: string; message?: string };
  if (!response.ok)
    throw new CommandError(answer.code ?? "failed", answer.message ?? `the dashboard answered ${response.status}`);
  return answer;
}
