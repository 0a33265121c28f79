// Calls raw endpoints of another service, as `fetch` would.
import { setTimeout as sleep } from "node:timers/promises";
import { api, APIError } from "tenon/api";
import { files } from "~tenon/clients";

interface Outcome {
  status: number;
  text: string;
  headers: Record<string, string>;
}

async function outcomeOf(response: Response): Promise<Outcome> {
  return { status: response.status, text: await response.text(), headers: Object.fromEntries(response.headers) };
}

export const callPrivate = api({ method: "GET", path: "/call/private", expose: true }, async () =>
  outcomeOf(
    await files.privateOne({
      method: "POST",
      params: { name: "a/b ü" },
      query: { x: ["1", "2"], y: undefined },
      body: JSON.stringify({ hello: "there" }),
    }),
  ),
);

export const callShow = api({ method: "GET", path: "/call/show", expose: true }, async () => {
  const form = new FormData();
  form.set("field", "value");
  const response = await files.show({ method: "PUT", path: "/show/7/a/b?c=d", headers: { "x-own": "1" }, body: form });
  return outcomeOf(response);
});

/** A body that is made while it is sent, and read back while it comes. */
export const callUpload = api({ method: "GET", path: "/call/upload", expose: true }, async () => {
  let left = 200;
  const body = new ReadableStream({
    pull(controller) {
      if (left-- > 0) controller.enqueue(Buffer.alloc(64 * 1024, left));
      else controller.close();
    },
  });
  return outcomeOf(await files.upload({ body }));
});

export const callDownload = api({ method: "GET", path: "/call/download", expose: true }, async () => {
  const response = await files.download({ query: { bytes: 20 * 1024 * 1024 } });
  let bytes = 0;
  for await (const chunk of response.body ?? []) bytes += chunk.length;
  return { bytes };
});

export const callErrors = api({ method: "GET", path: "/call/errors", expose: true }, async () => {
  const statuses = [
    (await files.fail({ params: { how: "api" } })).status,
    (await files.fail({ params: { how: "unknown" } })).status,
    (await files.guarded()).status,
    (await files.privateOne({ path: "/elsewhere" })).status,
    (await files.privateOne({ method: "DELETE", params: { name: "a" } })).status,
  ];
  return { statuses };
});

export const callLate = api({ method: "GET", path: "/call/late", expose: true }, async () => {
  const outcomes: string[] = [];
  const note = async (what: string, run: () => Promise<unknown>) => {
    try {
      await run();
      outcomes.push(`${what}: none`);
    } catch (error) {
      outcomes.push(`${what}: ${error instanceof APIError ? error.code : (error as Error).name}`);
    }
  };
  await note("timeout", async () => (await files.hang({ query: { name: "timeout" } }, { timeoutMs: 300 })).text());
  const controller = new AbortController();
  await note("abort", async () => {
    const response = await files.hang({ query: { name: "abort" }, signal: controller.signal });
    void sleep(50).then(() => controller.abort());
    return response.text();
  });
  await note("aborted before", async () => files.hang({ signal: AbortSignal.abort() }));
  await note("no parameter", async () => files.privateOne());
  return { outcomes };
});
