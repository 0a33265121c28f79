// Everything a bucket can do, behind endpoints.
import { api, APIError } from "tenon/api";
import {
  Bucket,
  type Copier,
  type Downloader,
  type Lister,
  ObjectNotFound,
  PreconditionFailed,
  type Uploader,
} from "encore.dev/storage/objects";

const files = new Bucket("files", { versioned: true });
const pictures = new Bucket("pictures", { public: true });
const reader = files.ref<Downloader>();
const desk = pictures.ref<Uploader & Copier & Lister & Downloader>();

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

export const links = api(
  { method: "POST", path: "/links", expose: true },
  async ({ name, ttl = 60, ...upload }: Named & { ttl?: number; contentType?: string; maxSizeBytes?: number }) => ({
    upload: (await files.signedUploadUrl(name, { ttl, ...upload })).url,
    download: (await files.signedDownloadUrl(name, { ttl })).url,
  }),
);

/** Straight from the request into the bucket. */
export const take = api.raw(
  { method: "PUT", path: "/stream/:name", expose: true, bodyLimit: null },
  async (request, response) => {
    const name = new URL(request.url ?? "", "http://app").pathname.slice("/stream/".length);
    const { size, etag } = await desk.upload(name, request, { metadata: { by: "stream" } });
    response.end(JSON.stringify({ size, etag }));
  },
);

/** Straight from the bucket into the answer. */
export const give = api.raw({ method: "GET", path: "/stream/:name", expose: true }, async (request, response) => {
  const name = new URL(request.url ?? "", "http://app").pathname.slice("/stream/".length);
  const { attrs, body } = await desk.openDownload(name);
  response.setHeader("content-length", attrs.size);
  body.pipe(response);
});

export const copyPicture = api(
  { method: "POST", path: "/copy", expose: true },
  async ({ from, to }: { from: string; to: string }) => {
    const attrs = await desk.copy(from, to, { contentType: "text/copied" });
    return { attrs };
  },
);

export const folders = api(
  { method: "POST", path: "/folders", expose: true },
  async ({ prefix }: { prefix: string }) => {
    const found: string[] = [];
    for await (const entry of desk.list({ prefix, delimiter: "/" }))
      found.push("prefix" in entry ? entry.prefix : entry.name);
    return { found };
  },
);

export const picture = api(
  { method: "POST", path: "/picture", expose: true },
  async ({ name, contentType = "image/png" }: Named & { contentType?: string }) => {
    await pictures.upload(name, Buffer.from([0x89, 0x50, 0x4e, 0x47]), { contentType });
    return { url: pictures.publicUrl(name) };
  },
);
