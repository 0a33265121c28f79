// Everything a bucket can do, behind endpoints.
import { api, APIError } from "tenon/api";
import { Bucket, type Downloader, ObjectNotFound, PreconditionFailed } from "encore.dev/storage/objects";

const files = new Bucket("files", { versioned: true });
const pictures = new Bucket("pictures", { public: true });
const reader = files.ref<Downloader>();

interface Named {
  name: string;
}

export const put = api(
  { method: "POST", path: "/put", expose: true },
  async ({ name, text, onlyNew = false }: Named & { text: string; onlyNew?: boolean }) => {
    try {
      const attrs = await files.upload(name, Buffer.from(text), {
        contentType: "text/plain",
        preconditions: { notExists: onlyNew },
      });
      return { attrs };
    } catch (error) {
      if (error instanceof PreconditionFailed) throw APIError.alreadyExists(error.message);
      throw error;
    }
  },
);

export const get = api(
  { method: "POST", path: "/get", expose: true },
  async ({ name, version }: Named & { version?: string }) => {
    try {
      const data = await reader.download(name, version === undefined ? {} : { version });
      return { text: data.toString("utf8"), attrs: await files.attrs(name) };
    } catch (error) {
      if (error instanceof ObjectNotFound) throw APIError.notFound(error.message);
      throw error;
    }
  },
);

export const list = api(
  { method: "POST", path: "/list", expose: true },
  async ({ prefix, limit }: { prefix?: string; limit?: number }) => {
    const names: string[] = [];
    const options = { ...(prefix === undefined ? {} : { prefix }), ...(limit === undefined ? {} : { limit }) };
    for await (const entry of files.list(options)) names.push(entry.name);
    return { names };
  },
);

export const remove = api({ method: "POST", path: "/remove", expose: true }, async ({ name }: Named) => {
  await files.remove(name);
  return { exists: await files.exists(name) };
});

export const links = api({ method: "POST", path: "/links", expose: true }, async ({ name }: Named) => {
  const upload = await files.signedUploadUrl(name, { ttl: 60 });
  const download = await files.signedDownloadUrl(name, { ttl: 60 });
  return { upload: upload.url, download: download.url };
});

export const picture = api({ method: "POST", path: "/picture", expose: true }, async ({ name }: Named) => {
  await pictures.upload(name, Buffer.from([0x89, 0x50, 0x4e, 0x47]), { contentType: "image/png" });
  return { url: pictures.publicUrl(name) };
});
