// A base image from what this machine has, without any network: Node, the shared libraries it loads, certificates, and the few files of /etc
// that name resolution and user names need. Nothing else is in it, no shell either. Only for Linux with glibc, and for this machine's processor.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile, realpath } from "node:fs/promises";
import { basename } from "node:path";
import { promisify } from "node:util";
import { DeployError } from "../../deploy-error.ts";
import type { BlobCache } from "../blob-cache.ts";
import { makeLayer } from "../layer.ts";
import { hostPlatform, type Platform, platformText } from "../platform.ts";
import type { TarEntry } from "../tar/tar-entries.ts";
import type { BaseImage } from "./base-image.ts";
import { sharedLibraries } from "./shared-libraries.ts";

const run = promisify(execFile);

export interface OfflineBaseOptions {
  readonly platform: Platform;
  /** Absolute path of the Node to put in. */
  readonly nodeFile: string;
  readonly cache?: BlobCache;
}

/** Throws DeployError `base_unusable`. */
export async function offlineBase({ platform, nodeFile, cache }: OfflineBaseOptions): Promise<BaseImage> {
  refuseOtherMachines(platform);
  const { stdout } = await run(nodeFile, ["--version"]);
  const libraries = await sharedLibraries(nodeFile);
  const entries: TarEntry[] = [
    await fileEntry("usr/local/bin/node", nodeFile),
    ...(await Promise.all(libraries.map((file) => fileEntry(file.slice(1), file)))),
    ...(await certificates()),
    text("etc/passwd", "root:x:0:0:root:/:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/tmp:/sbin/nologin\n"),
    text("etc/group", "root:x:0:\nnonroot:x:65532:\n"),
    text("etc/nsswitch.conf", "hosts: files dns\n"),
    { kind: "directory", path: "tmp", mode: 0o1777 },
  ];
  const version = stdout.trim().replace(/^v/, "");
  const createdBy = `tenon image: Node ${version}`;
  return {
    platform,
    layers: [await makeLayer(entries, createdBy, cache)],
    history: [{ created_by: createdBy }],
    env: ["PATH=/usr/local/bin:/usr/bin:/bin"],
    labels: { "tenon.base": "offline", "tenon.base.node": version, "tenon.base.libraries": await names(libraries) },
    nodeFolder: "/usr/local/bin",
  };
}

function refuseOtherMachines(platform: Platform): void {
  const host = hostPlatform();
  const isHere = process.platform === "linux" && platform.architecture === host.architecture;
  if (isHere) return;
  const here = process.platform === "linux" ? platformText(host) : process.platform;
  throw new DeployError(
    "base_unusable",
    `a base image for ${platformText(platform)} can't be made of the parts of this machine, which is ${here}`,
    "Take one from a registry: leave out --base offline, or name another with --base.",
  );
}

/** With the versions that real file names carry: "libstdc++.so.6.0.30". */
async function names(libraries: readonly string[]): Promise<string> {
  const files = await Promise.all(libraries.map(async (file) => basename(await realpath(file))));
  return [...new Set(files)].sort().join(" ");
}

/** Node has certificates of its own; this is for programs that read the system's, and for NODE_USE_SYSTEM_CA. */
async function certificates(): Promise<TarEntry[]> {
  const places = ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem"];
  const file = places.find((place) => existsSync(place));
  return file === undefined
    ? []
    : [{ ...(await fileEntry("etc/ssl/certs/ca-certificates.crt", file)), isExecutable: false }];
}

/** Follows links: the image has the file itself at the place where it is looked for. */
async function fileEntry(path: string, file: string): Promise<Extract<TarEntry, { kind: "file" }>> {
  return { kind: "file", path, bytes: await readFile(file), isExecutable: true };
}

function text(path: string, content: string): TarEntry {
  return { kind: "file", path, bytes: Buffer.from(content), isExecutable: false };
}
