// Where a process takes typed calls from the others of its app: /__tenon/call/<service>/<endpoint>.
import type { HostedEndpoint } from "./hosted-endpoint.ts";

export const CALL_PATH = "/__tenon/call/";

/** Percent-encoded. */
export function pathOfCall(service: string, endpoint: string): string {
  return `${CALL_PATH}${encodeURIComponent(service)}/${encodeURIComponent(endpoint)}`;
}

/** "/__tenon/call/users/get" -> "users.get". */
export function nameOfCall(path: string): string {
  const [service = "", endpoint = "", ...rest] = path.slice(CALL_PATH.length).split("/");
  return rest.length > 0 ? path : `${decodeName(service)}.${decodeName(endpoint)}`;
}

function decodeName(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** The endpoints of this process by the path of calls to them. */
// hot: guarded by bench/call
export class CallPaths {
  private readonly hosted: ReadonlyMap<string, HostedEndpoint>;
  private readonly byPath = new Map<string, HostedEndpoint>();

  /** `hosted`: by "service.endpoint"; may still grow. */
  constructor(hosted: ReadonlyMap<string, HostedEndpoint>) {
    this.hosted = hosted;
  }

  /** undefined: not of this process. */
  find(path: string): HostedEndpoint | undefined {
    const known = this.byPath.get(path);
    if (known !== undefined) return known;
    const found = this.hosted.get(nameOfCall(path));
    // Of the many ways to write a path only the usual one is kept.
    if (found !== undefined && path === pathOfCall(found.service, found.endpoint.name)) this.byPath.set(path, found);
    return found;
  }
}
