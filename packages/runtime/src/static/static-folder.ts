// A folder of files as the handler of an endpoint. What finds and sends files is loaded with the first request.
import { join } from "node:path";
import type { Endpoint } from "@tenon/model";
import type { OutgoingResponse, RequestHeaders } from "../call/exchange.ts";
import { RequestError } from "../call/request-error.ts";

export interface FileRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: RequestHeaders;
  /** The path below the folder, percent-decoded; "" for the folder itself. */
  readonly rest: string;
}

/** Throws RequestError `file_not_found`. */
export type ServeFile = (request: FileRequest) => Promise<OutgoingResponse>;

/** `filesDir`: absolute; what the endpoint's paths are relative to. */
export function createStaticFolder({ static: files, auth }: Endpoint, filesDir: string): ServeFile {
  const { directory = "", notFound, notFoundStatus = 404, headers = {} } = files ?? {};
  let loading: ReturnType<typeof loadFiles> | undefined;
  return async (request) => {
    loading ??= loadFiles();
    const { lookUp, lookUpFile, respondFile } = await loading;
    const { method, headers: requestHeaders } = request;
    const answer = { method, requestHeaders, headers, isPrivate: auth };
    const page = await lookUp(join(filesDir, directory), request.rest);
    if (page.kind === "redirect") return redirect(page.location, request.query);
    if (page.kind === "file") return respondFile({ ...answer, ...page, status: 200 });
    const standIn = notFound === undefined ? null : await lookUpFile(join(filesDir, notFound));
    if (standIn?.kind === "file") return respondFile({ ...answer, ...standIn, status: notFoundStatus });
    throw new RequestError("file_not_found", { path: request.path });
  };
}

async function loadFiles() {
  const [{ lookUp, lookUpFile }, { respondFile }] = await Promise.all([
    import("./look-up.ts"),
    import("./respond-file.ts"),
  ]);
  return { lookUp, lookUpFile, respondFile };
}

/** For now only: what is a folder today may be a file tomorrow. */
function redirect(location: string, query: string): OutgoingResponse {
  const target = query === "" ? location : `${location}?${query}`;
  return { status: 307, headers: { location: target, "cache-control": "no-cache" }, body: "" };
}
