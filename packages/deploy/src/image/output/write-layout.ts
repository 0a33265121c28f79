// Images as a folder in the OCI image layout, which `skopeo`, `umoci`, `podman` and registries' tools read.
import { copyFile, mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DeployError } from "../../deploy-error.ts";
import { blobPath } from "../blob.ts";
import type { Image } from "../image.ts";
import { blobsOfImages } from "./blobs-of-images.ts";
import { indexFiles } from "./image-index.ts";

/** Replaces an earlier layout as a whole. Throws DeployError `output_not_replaceable`. */
export async function writeLayout(dir: string, images: readonly Image[]): Promise<void> {
  await refuseOthers(dir);
  const growing = `${dir}.${process.pid}`;
  try {
    await mkdir(join(growing, "blobs", "sha256"), { recursive: true });
    for (const [path, text] of indexFiles(images)) await writeFile(join(growing, path), text);
    for (const blob of blobsOfImages(images)) {
      const file = join(growing, "blobs", blobPath(blob.descriptor));
      const content = await blob.load();
      await ("bytes" in content ? writeFile(file, content.bytes) : copyFile(content.file, file));
    }
    await rm(dir, { recursive: true, force: true });
    await mkdir(dirname(dir), { recursive: true });
    await rename(growing, dir);
  } finally {
    await rm(growing, { recursive: true, force: true });
  }
}

/** A mistyped folder must not cost anybody their files. */
async function refuseOthers(dir: string): Promise<void> {
  const names = await readdir(dir).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [] as string[];
    throw new DeployError(
      "output_not_replaceable",
      `${dir} can't be written: ${error.message}`,
      "Name another folder, or a file that ends in .tar.",
    );
  });
  if (names.length === 0 || names.includes("oci-layout")) return;
  throw new DeployError(
    "output_not_replaceable",
    `${dir} holds something else than images`,
    "Name a folder that is new, empty, or an image layout, or a file that ends in .tar.",
  );
}
