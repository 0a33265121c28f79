// Where objects in files are reached from outside. Stores of the cloud have a door of their own. What answers is loaded with the first
// request: most apps have no such objects.
import type { Graph } from "@tenon/model";
import type { IncomingRequest, OutgoingResponse } from "../../call/exchange.ts";
import type { ObjectsConfig } from "../objects-config.ts";
import { OBJECTS_PATH } from "./objects-path.ts";

export function isObjectPath(request: IncomingRequest): boolean {
  return request.path.startsWith(OBJECTS_PATH);
}

export async function answerObject(
  config: ObjectsConfig,
  graph: Graph | null,
  request: IncomingRequest,
): Promise<OutgoingResponse> {
  const answer = await import("./answer-object.ts");
  return answer.answerObject(config, graph, request);
}
