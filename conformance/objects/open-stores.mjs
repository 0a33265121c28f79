// The stores that the suite runs on: files behind a gateway, and S3 at some endpoint.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createGateway } from "@tenon/runtime";
import { configureObjects } from "@tenon/runtime/objects";
import { startS3Server } from "../../packages/tenon/dist/engines/s3/start-s3-server.js";

export const buckets = [
  { name: "plain", isPublic: false, isVersioned: false },
  { name: "kept", isPublic: false, isVersioned: true },
  { name: "open", isPublic: true, isVersioned: false },
].map((bucket) => ({ ...bucket, services: [], location: { file: "app.ts", line: 1, column: 1 } }));

export const credentials = { accessKeyId: "TENONTEST", secretAccessKey: "a secret that only tests know" };

/** Buckets in a folder, with a door for their URLs. */
export async function openFiles() {
  const directory = await mkdtemp(join(tmpdir(), "tenon-objects-"));
  const objects = { kind: "files", directory, baseUrl: "", signingKey: "a key of the tests" };
  const gateway = await createGateway({
    address: { host: "127.0.0.1", port: 0 },
    graph: { ...emptyGraph, buckets },
    remotes: {},
    credential: "a credential of the tests",
    objects,
  });
  configureObjects(buckets, { ...objects, baseUrl: gateway.address });
  return {
    directory,
    address: gateway.address,
    async close() {
      configureObjects([], undefined);
      await gateway.close({ timeoutMs: 1_000 });
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** The endpoint of `tenon dev`, by itself. */
export async function openDevEndpoint(declared = buckets) {
  const directory = await mkdtemp(join(tmpdir(), "tenon-s3-"));
  const failures = [];
  const server = await startS3Server({
    credentials,
    directory,
    getBuckets: () => declared,
    report: (error) => failures.push(error),
  });
  return {
    directory,
    url: server.url,
    failures,
    async close() {
      await server.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** `names`: of the buckets there, by the name here. */
export function useS3(endpoint, { accessKeyId, secretAccessKey } = credentials, keyPrefix = "") {
  const config = (name) => ({
    endpoint,
    region: "eu-central-1",
    bucketName: name,
    accessKeyId,
    secretAccessKey,
    ...(keyPrefix === "" ? {} : { keyPrefix }),
    ...(name === "open" ? { publicBaseUrl: `${endpoint}/open` } : {}),
  });
  configureObjects(buckets, {
    kind: "remote",
    buckets: Object.fromEntries(buckets.map(({ name }) => [name, config(name)])),
  });
  return () => configureObjects([], undefined);
}

const emptyGraph = {
  app: { id: "objects" },
  services: [],
  gateways: [],
  authHandlers: [],
  databases: [],
  secrets: [],
  topics: [],
  schemas: {},
  calls: [],
};
