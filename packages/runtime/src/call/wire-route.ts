// The way to one endpoint of another process, with the part of a request's head that all calls to it share. Found once, and again when
// services have moved.
import { headerLine, requestLine } from "../http/client/header-lines.ts";
import { CALL_HEADERS } from "./call-headers.ts";
import type { Remote } from "./remote.ts";
import type { Topology } from "./topology.ts";

export interface FoundRoute {
  readonly remote: Remote;
  /** Up to the headers that differ from call to call. */
  readonly headStart: string;
}

// hot: guarded by bench/call
export class WireRoute {
  private found: FoundRoute | undefined = undefined;
  private remotes: Topology["remotes"] | undefined = undefined;

  /** Throws RequestError `address_unknown`, HostError `remote_malformed`. */
  to(topology: Topology, target: { readonly service: string; readonly path: string }): FoundRoute {
    if (this.found === undefined || this.remotes !== topology.remotes) {
      const { remotes } = topology;
      const remote = topology.remoteBook.at(target.service, topology.remoteAddress(target.service));
      this.found = { remote, headStart: headStart(remote, topology.credential, target.path) };
      this.remotes = remotes;
    }
    return this.found;
  }
}

function headStart(remote: Remote, credential: string, path: string): string {
  return (
    requestLine("POST", path) +
    headerLine("host", remote.authority) +
    headerLine(CALL_HEADERS.credential, credential) +
    headerLine("content-type", "application/json")
  );
}
