// Why a process cannot start with its broker, in the words of the catalogue.
import { HostError } from "../lifecycle/host-error.ts";
import type { EngineCannot } from "./errors.ts";

const lacking: EngineCannot["code"] = "engine_cannot";

/** `error`: what the engine threw when it was told what the app declares. */
export function brokerFailure(error: unknown): HostError {
  const { message, code } = error as { readonly message?: string; readonly code?: unknown };
  // By its code: the package of an engine may have a copy of the class of its own.
  const name = code === lacking ? "guarantee_impossible" : "broker_unavailable";
  return new HostError(name, { reason: message ?? String(error) }, error);
}
