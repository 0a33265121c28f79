// A registry's refusal in words: its own, from the `errors` of the answer's body, and what can be done about it.
import type { IncomingMessage } from "node:http";
import { DeployError } from "../../deploy-error.ts";
import { readAnswer } from "./http-exchange.ts";

/** `what` did not happen. Reads the answer. */
export async function registryError(answer: IncomingMessage, what: string): Promise<DeployError> {
  const status = answer.statusCode ?? 0;
  const body = await readAnswer(answer).catch(() => Buffer.alloc(0));
  const said = wordsOf(body.toString("utf8"));
  const message = `${what}: the registry answered ${status}${said === "" ? "" : `, ${said}`}`;
  if (status === 401 || status === 403) {
    return new DeployError(
      "registry_unauthorized",
      message,
      "Log in with an account that may do this (docker login, podman login), or name a file with credentials in REGISTRY_AUTH_FILE.",
    );
  }
  return new DeployError(
    "registry_refused",
    message,
    status === 404
      ? "Look at the spelling of registry, repository and tag; some registries want repositories to be made before the first push."
      : "The registry's own log may tell more.",
  );
}

function wordsOf(body: string): string {
  try {
    const { errors } = JSON.parse(body) as { errors?: { code?: string; message?: string }[] };
    return (errors ?? []).map(({ code, message }) => [code, message].filter(Boolean).join(": ")).join("; ");
  } catch {
    return body.startsWith("<") ? "" : body.trim().slice(0, 200);
  }
}
