// A second public door, without TLS: sends clients to the one that has it, and shows an authority that issues certificates the answers to
// its challenges (ACME, RFC 8555 section 8.3). Serves nothing of the app.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { IncomingRequest, OutgoingResponse } from "../call/exchange.ts";
import { type Listener, listen } from "../call/listen.ts";
import { respond } from "../call/respond.ts";
import type { ListenAddress } from "../lifecycle/host-config.ts";

export interface RedirectOptions {
  readonly address: ListenAddress;
  /** Of the door with TLS, as clients reach it. */
  readonly httpsPort: number;
  /** Folder with a file per challenge, named by its token; undefined: challenges are redirected as all else. */
  readonly acmeDir?: string | undefined;
}

const CHALLENGE_PATH = "/.well-known/acme-challenge/";
/** RFC 8555 section 8.3: base64url. */
const TOKEN = /^[A-Za-z0-9_-]{1,256}$/;
const HTTPS_PORT = 443;

export async function openRedirectDoor({ address, httpsPort, acmeDir }: RedirectOptions): Promise<Listener> {
  const answer = async (request: IncomingRequest): Promise<OutgoingResponse> => {
    const token = request.path.startsWith(CHALLENGE_PATH) ? request.path.slice(CHALLENGE_PATH.length) : "";
    const proof = acmeDir !== undefined && TOKEN.test(token) ? await readProof(join(acmeDir, token)) : undefined;
    if (proof !== undefined) return respond(proof, { "content-type": "application/octet-stream" });
    return redirect(request, httpsPort);
  };
  return listen({ address, answer, answerUpgrade: (request) => redirect(request, httpsPort) });
}

/** 308 keeps method and body, where 301 lets clients make a GET of a POST. */
function redirect(request: IncomingRequest, httpsPort: number): OutgoingResponse {
  const { path, query } = request;
  const host = (request.header("host") ?? "").replace(/:\d+$/, "");
  if (host === "" || !path.startsWith("/")) return { status: 400, headers: {}, body: "" };
  const port = httpsPort === HTTPS_PORT ? "" : `:${httpsPort}`;
  const location = `https://${host}${port}${path}${query === "" ? "" : `?${query}`}`;
  return { status: 308, headers: { location }, body: "" };
}

async function readProof(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch {
    return undefined;
  }
}
