// The S3-compatible endpoint of a running app: opened with the first version that declares a bucket. Its keys and its port stay the same from
// start to start, so that tools need to be told of them once.
import { randomBytes } from "node:crypto";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Graph } from "@tenon/model";
import type { S3Server } from "../engines/s3/start-s3-server.ts";
import type { S3Credentials } from "../engines/s3/verify-signature.ts";

export interface ObjectsEndpointOptions {
  /** Of the app's local data. */
  readonly dataDir: string;
  readonly objectsDir: string;
  getGraph(): Graph | undefined;
  report(error: unknown): void;
}

/** How tools reach the objects. */
export interface ObjectsEndpointInfo {
  readonly endpoint: string;
  /** JSON with accessKeyId and secretAccessKey. */
  readonly credentialsFile: string;
}

interface Kept extends S3Credentials {
  readonly port?: number;
}

export class ObjectsEndpoint {
  readonly #options: ObjectsEndpointOptions;
  #opening: Promise<S3Server> | undefined;
  #info: ObjectsEndpointInfo | undefined;

  constructor(options: ObjectsEndpointOptions) {
    this.#options = options;
  }

  get info(): ObjectsEndpointInfo | undefined {
    return this.#info;
  }

  /** The app is served without it, too: what goes wrong is reported. */
  async prepare(graph: Graph): Promise<void> {
    if (graph.buckets === undefined || this.#opening !== undefined) return;
    this.#opening = this.#open();
    await this.#opening.catch((error: unknown) => {
      this.#opening = undefined;
      this.#options.report(error);
    });
  }

  async close(): Promise<void> {
    await (await this.#opening?.catch(() => undefined))?.close();
  }

  async #open(): Promise<S3Server> {
    const { dataDir, objectsDir, getGraph, report } = this.#options;
    const credentialsFile = join(dataDir, "s3.json");
    const kept = (await readKept(credentialsFile)) ?? newCredentials();
    const { accessKeyId, secretAccessKey } = kept;
    // Most apps have no buckets, and start without this.
    const { startS3Server } = await import("../engines/s3/start-s3-server.ts");
    const server = await startS3Server({
      credentials: { accessKeyId, secretAccessKey },
      directory: objectsDir,
      getBuckets: () => getGraph()?.buckets ?? [],
      port: kept.port,
      report,
    });
    await mkdir(dataDir, { recursive: true });
    const text = JSON.stringify({ accessKeyId, secretAccessKey, port: server.port }, null, 2);
    await writeFile(credentialsFile, `${text}\n`, { mode: 0o600 });
    await chmod(credentialsFile, 0o600);
    this.#info = { endpoint: server.url, credentialsFile };
    return server;
  }
}

function newCredentials(): Kept {
  return {
    accessKeyId: `TENON${randomBytes(8).toString("hex").toUpperCase()}`,
    secretAccessKey: randomBytes(30).toString("base64url"),
  };
}

/** undefined: there are none, or somebody has changed the file into something else. */
async function readKept(file: string): Promise<Kept | undefined> {
  try {
    const kept = JSON.parse(await readFile(file, "utf8")) as Partial<Kept>;
    const { accessKeyId, secretAccessKey, port } = kept;
    if (typeof accessKeyId !== "string" || typeof secretAccessKey !== "string" || secretAccessKey === "")
      return undefined;
    return { accessKeyId, secretAccessKey, ...(typeof port === "number" ? { port } : {}) };
  } catch {
    return undefined;
  }
}
