// Which endpoints of an app can take a connection over, and how one of this process does it.
import type { Endpoint } from "@tenon/model";
import type { OutgoingResponse } from "./exchange.ts";
import { serveWebSocket } from "../stream/serve-web-socket.ts";
import type { PublicCall } from "./serve-request.ts";
import { serveRawUpgrade } from "../raw/serve-raw-upgrade.ts";
import type { UpgradeOutcome, UpgradeRequest } from "./upgrade-request.ts";

/** Endpoints of the other kinds answer as if the request had not asked. */
export function canUpgrade(endpoint: Endpoint): boolean {
  return endpoint.kind === "raw" || mustUpgrade(endpoint);
}

/** Streams have no other way to answer. */
export function mustUpgrade({ kind }: Endpoint): boolean {
  return kind === "stream-in" || kind === "stream-out" || kind === "stream-in-out";
}

/** `ownHeaders` join those of the answer. Never rejects. */
export function serveUpgrade(
  call: PublicCall,
  request: UpgradeRequest,
  ownHeaders: Readonly<Record<string, string>>,
): Promise<UpgradeOutcome> {
  if (call.hosted.endpoint.kind === "raw") {
    const completeHeaders = (headers: OutgoingResponse["headers"]) => void Object.assign(headers, ownHeaders);
    return serveRawUpgrade({ ...call, completeHeaders }, request);
  }
  return serveWebSocket(call, request, ownHeaders);
}
