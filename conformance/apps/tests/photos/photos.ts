// Pictures in a bucket, how often they were seen in a cache, and a raw endpoint that serves them.
import { api, type RawRequest, type RawResponse } from "tenon/api";
import { CacheCluster, expireIn, IntKeyspace } from "tenon/storage/cache";
import { Bucket } from "tenon/storage/objects";

const bucket = new Bucket("photos");
const cluster = new CacheCluster("seen", { evictionPolicy: "allkeys-lru" });
const seen = new IntKeyspace<{ name: string }>(cluster, { keyPattern: "seen/:name", defaultExpiry: expireIn(60_000) });

interface Photo {
  name: string;
  seen: number;
}

export const add = api({}, async ({ name, text }: { name: string; text: string }): Promise<void> => {
  await bucket.upload(name, Buffer.from(text));
});

export const look = api({}, async ({ name }: { name: string }): Promise<Photo> => {
  return { name, seen: await seen.increment({ name }, 1) };
});

export const all = api({}, async (): Promise<{ names: string[] }> => {
  const names: string[] = [];
  for await (const { name } of bucket.list({})) names.push(name);
  return { names };
});

export const show = api.raw(
  { expose: true, path: "/photos/:name", method: "GET" },
  async (request: RawRequest, response: RawResponse) => {
    response.end(await bucket.download(new URL(request.url!, "http://photos").pathname.slice("/photos/".length)));
  },
);
