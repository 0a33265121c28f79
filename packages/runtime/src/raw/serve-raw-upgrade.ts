// Serves a request that asks to leave HTTP with a raw endpoint of this process: the user's code gets request, socket and what has arrived
// behind the request, and either takes the connection over (ws, socket.io) or answers as to any other request.
import type { Socket } from "node:net";
import type { UpgradeOutcome, UpgradeRequest } from "../call/upgrade-request.ts";
import { type RawCall, serveRaw } from "./serve-raw.ts";

/** Never rejects. Resolves when the connection is closed. */
export async function serveRawUpgrade(call: RawCall, request: UpgradeRequest): Promise<UpgradeOutcome> {
  const socket = request.socket as Socket;
  const { head } = request;
  const outcome = await serveRaw(call, request, { socket, head, sentBytesBefore: socket.bytesWritten });
  return outcome.status === 101 ? "taken" : outcome;
}
