// A registry in the test's process, by the distribution specification: what it keeps can be looked at, and it can be told to ask for
// credentials, to refuse large bodies, to fail, and to keep blobs elsewhere.
import { createHash, randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

export interface RegistryBehaviour {
  readonly auth?: "basic" | "token";
  /** Larger bodies are answered 413. */
  readonly maxBodyBytes?: number;
  /** The first requests of this method are answered 503. */
  failing?: { readonly method: string; times: number };
  /** GET of a blob leads to another port. */
  readonly redirectsBlobs?: true;
  /** There, so many answers end in the middle. */
  breaking?: { times: number };
}

export interface TestRegistry {
  /** "localhost:41234". */
  readonly name: string;
  /** Repository -> digest -> content. */
  readonly blobs: Map<string, Map<string, Buffer>>;
  /** Repository -> tag or digest -> manifest. */
  readonly manifests: Map<string, Map<string, { readonly type: string; readonly bytes: Buffer }>>;
  /** "PUT /v2/shop/manifests/1", in order, without queries. */
  readonly requests: string[];
  /** Authorization of every request for a token. */
  readonly tokenRequests: { readonly scopes: readonly string[]; readonly authorization: string | undefined }[];
  close(): Promise<void>;
}

/** Of the same user, in place of a password. */
export const identityToken = "identity of ada";
export const user = { username: "ada", password: "s3:cret" };
const basic = `Basic ${Buffer.from(`${user.username}:${user.password}`).toString("base64")}`;

export async function startRegistry(behaviour: RegistryBehaviour = {}): Promise<TestRegistry> {
  const uploads = new Map<string, Buffer>();
  const state: Omit<TestRegistry, "name" | "close"> = {
    blobs: new Map(),
    manifests: new Map(),
    requests: [],
    tokenRequests: [],
  };
  const storage = await listen(async (request, response) => {
    if (behaviour.breaking !== undefined && behaviour.breaking.times > 0) {
      behaviour.breaking.times -= 1;
      response.writeHead(200, { "content-length": 1000 }).write("half");
      return setImmediate(() => response.destroy());
    }
    if (request.headers.authorization !== undefined) throw new Error("credentials of the registry were sent elsewhere");
    const digest = request.url!.slice(1);
    response.end([...state.blobs.values()].flatMap((of) => of.get(digest) ?? [])[0]);
  });
  const server = await listen(async (request, response) => {
    const url = new URL(request.url!, `http://${request.headers.host}`);
    state.requests.push(`${request.method} ${url.pathname}`);
    if (url.pathname === "/token") return giveToken(state, request, url, response);
    if (!isLetIn(behaviour, request)) return challenge(behaviour, url, response);
    const { failing } = behaviour;
    if (failing !== undefined && failing.method === request.method && failing.times > 0) {
      failing.times -= 1;
      return answer(response, 503, "busy");
    }
    await serve({ ...state, uploads, behaviour, storage: storage.port }, request, url, response);
  });
  return {
    ...state,
    name: `localhost:${server.port}`,
    close: async () => {
      await Promise.all([server.close(), storage.close()]);
    },
  };
}

function isLetIn({ auth }: RegistryBehaviour, { headers }: IncomingMessage): boolean {
  if (auth === undefined) return true;
  return auth === "basic"
    ? headers.authorization === basic
    : headers.authorization?.startsWith("Bearer token of ada") === true;
}

function challenge({ auth }: RegistryBehaviour, url: URL, response: ServerResponse): ServerResponse {
  const header = auth === "basic" ? 'Basic realm="test"' : `Bearer realm="${url.origin}/token",service="test"`;
  response.setHeader("www-authenticate", header);
  return answer(response, 401, JSON.stringify({ errors: [{ code: "UNAUTHORIZED", message: "who are you?" }] }));
}

async function giveToken(
  { tokenRequests }: Pick<TestRegistry, "tokenRequests">,
  request: IncomingMessage,
  url: URL,
  response: ServerResponse,
): Promise<ServerResponse> {
  const { authorization } = request.headers;
  if (request.method === "POST") {
    const form = new URLSearchParams((await buffer(request)).toString());
    tokenRequests.push({ scopes: form.get("scope")?.split(" ") ?? [], authorization });
    const isKnown = form.get("grant_type") === "refresh_token" && form.get("refresh_token") === identityToken;
    return answer(response, isKnown ? 200 : 401, JSON.stringify({ access_token: "token of ada" }));
  }
  tokenRequests.push({ scopes: url.searchParams.getAll("scope"), authorization });
  if (authorization !== basic) return answer(response, 401, "");
  return answer(response, 200, JSON.stringify({ token: "token of ada" }));
}

type State = Pick<TestRegistry, "blobs" | "manifests"> & {
  readonly uploads: Map<string, Buffer>;
  readonly behaviour: RegistryBehaviour;
  readonly storage: number;
};

async function serve(
  state: State,
  request: IncomingMessage,
  url: URL,
  response: ServerResponse,
): Promise<ServerResponse> {
  const body = await buffer(request);
  const match = /^\/v2\/(.+)\/(blobs\/uploads|blobs|manifests)\/(.*)$/.exec(url.pathname);
  if (match === null) return answer(response, 404, "");
  const [, repository, kind, rest] = match as unknown as [string, string, string, string];
  if (body.length > (state.behaviour.maxBodyBytes ?? Number.POSITIVE_INFINITY)) return answer(response, 413, "");
  if (kind === "manifests") return serveManifest(state, repository, rest, request, body, response);
  if (kind === "blobs") return serveBlob(state, repository, rest, response);
  return serveUpload(state, repository, rest, request, url, body, response);
}

function serveBlob(
  { blobs, behaviour, storage }: State,
  repository: string,
  digest: string,
  response: ServerResponse,
): ServerResponse {
  const content = blobs.get(repository)?.get(digest);
  if (content === undefined) return answer(response, 404, "");
  if (behaviour.redirectsBlobs !== true) return answer(response, 200, content);
  response.setHeader("location", `http://127.0.0.1:${storage}/${digest}`);
  return answer(response, 307, "");
}

function serveUpload(
  { blobs, uploads }: State,
  repository: string,
  session: string,
  { method, headers }: IncomingMessage,
  url: URL,
  body: Buffer,
  response: ServerResponse,
): ServerResponse {
  const own = blobs.get(repository) ?? new Map<string, Buffer>();
  blobs.set(repository, own);
  const mount = url.searchParams.get("mount");
  const neighbours = mount === null ? undefined : blobs.get(url.searchParams.get("from") ?? "")?.get(mount);
  if (neighbours !== undefined) {
    own.set(mount!, neighbours);
    return answer(response, 201, "");
  }
  const id = session === "" ? randomUUID() : session;
  const received = uploads.get(id) ?? Buffer.alloc(0);
  const range = headers["content-range"];
  if (range !== undefined && !range.startsWith(`${received.length}-`)) return answer(response, 416, "");
  const all = Buffer.concat([received, body]);
  uploads.set(id, all);
  // Relative, as some registries give it.
  response.setHeader("location", `/v2/${repository}/blobs/uploads/${id}`);
  if (method !== "PUT") return answer(response, 202, "");
  const digest = `sha256:${createHash("sha256").update(all).digest("hex")}`;
  if (digest !== url.searchParams.get("digest")) return answer(response, 400, "the digest is another");
  own.set(digest, all);
  return answer(response, 201, "");
}

function serveManifest(
  { manifests }: State,
  repository: string,
  reference: string,
  { method, headers }: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
): ServerResponse {
  const own = manifests.get(repository) ?? new Map<string, { type: string; bytes: Buffer }>();
  manifests.set(repository, own);
  if (method === "PUT") {
    const digest = `sha256:${createHash("sha256").update(body).digest("hex")}`;
    for (const name of [reference, digest]) own.set(name, { type: headers["content-type"]!, bytes: body });
    response.setHeader("docker-content-digest", digest);
    return answer(response, 201, "");
  }
  const found = own.get(reference);
  if (found === undefined)
    return answer(response, 404, JSON.stringify({ errors: [{ code: "MANIFEST_UNKNOWN", message: "no such" }] }));
  response.setHeader("content-type", found.type);
  return answer(response, 200, found.bytes);
}

function answer(response: ServerResponse, status: number, body: string | Buffer): ServerResponse {
  response.statusCode = status;
  return response.end(body);
}

async function listen(handle: (request: IncomingMessage, response: ServerResponse) => unknown) {
  const server = createServer((request, response) => {
    Promise.resolve(handle(request, response)).catch((error: Error) => answer(response, 500, error.message));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { port: (server.address() as AddressInfo).port, close };
}
