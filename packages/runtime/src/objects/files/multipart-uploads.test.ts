// A part that arrives while its upload is aborted leaves nothing behind, and says why it was refused.
import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { it } from "node:test";
import { FileStore } from "./file-store.ts";
import { MultipartUploads, PartRefused } from "./multipart-uploads.ts";

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}

it("a part whose upload is aborted while it arrives leaves no file", async () => {
  const directory = await mkdtemp(join(tmpdir(), "tenon-uploads-"));
  try {
    const bucket = { bucket: "b", isPublic: false, isVersioned: false };
    const uploads = new MultipartUploads(new FileStore({ ...bucket, directory, baseUrl: "http://a", signingKey: "k" }));
    const upload = await uploads.create({ name: "o", headers: {}, metadata: {} });
    async function* abortedMidway(): AsyncGenerator<Uint8Array> {
      yield Buffer.from("half");
      await uploads.abort(upload);
      yield Buffer.from("rest");
    }
    await assert.rejects(
      uploads.put(upload, 1, abortedMidway(), () => undefined),
      (error) => error instanceof PartRefused && error.code === "NoSuchUpload",
    );
    assert.deepEqual(await filesIn(directory), []);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});
