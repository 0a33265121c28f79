// Loads what the endpoints of an app need with their first request, before the doors open: an app without such endpoints never loads it,
// and one with them still has it when a newer build has taken the place of the files it was started from.
import type { EndpointKind, Graph } from "@tenon/model";
import type { HostConfig } from "./host-config.ts";

export async function loadAhead({ services }: Graph, { objects }: HostConfig): Promise<void> {
  const kinds = new Set<EndpointKind>(services.flatMap(({ endpoints }) => endpoints.map(({ kind }) => kind)));
  const hasStreams = [...kinds].some((kind) => kind.startsWith("stream-"));
  await Promise.all([
    ...(hasStreams ? [import("../stream/accept-web-socket.ts"), import("../stream/connect-stream.ts")] : []),
    ...(kinds.has("static") ? [import("../static/look-up.ts"), import("../static/respond-file.ts")] : []),
    ...(objects?.kind === "files" ? [import("../objects/door/answer-object.ts")] : []),
  ]);
}
