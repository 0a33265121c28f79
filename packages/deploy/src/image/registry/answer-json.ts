// The JSON of an answer that should be one. Doors of hotels and proxies answer 200 with a page of their own.
import type { IncomingMessage } from "node:http";
import { DeployError } from "../../deploy-error.ts";
import { readAnswer } from "./http-exchange.ts";

/** `from`: who answered. Throws DeployError `registry_refused`. */
export async function answerJson(answer: IncomingMessage, from: string): Promise<{ bytes: Buffer; content: unknown }> {
  const bytes = await readAnswer(answer);
  try {
    return { bytes, content: JSON.parse(bytes.toString("utf8")) };
  } catch {
    throw new DeployError(
      "registry_refused",
      `${from} answered with something else than JSON: ${JSON.stringify(bytes.toString("utf8", 0, 80))}`,
      "Look at the registry's name, and at proxies on the way to it.",
    );
  }
}
