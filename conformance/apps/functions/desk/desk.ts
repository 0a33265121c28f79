// What functions have to do that processes which stay do without thinking: answers of every form, and work that the answer leaves behind.
import { existsSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { api } from "tenon/api";
import { desk } from "~tenon/clients";

export const seen = api.raw({ method: "*", path: "/seen/*rest", expose: true }, async (request, response) => {
  const body = Buffer.concat(await request.toArray());
  const { method, url, headers, socket } = request;
  response.setHeader("set-cookie", ["a=1; Path=/; HttpOnly", "b=2%203; Max-Age=60"]);
  response.setHeader("content-type", "application/json");
  response.end(
    JSON.stringify({
      method,
      url,
      cookie: headers.cookie,
      client: socket.remoteAddress,
      forwardedFor: headers["x-forwarded-for"],
      body: body.toString("base64"),
    }),
  );
});

export const bytes = api.raw({ method: "GET", path: "/bytes", expose: true }, (_request, response) => {
  response.setHeader("content-type", "application/octet-stream");
  response.end(Buffer.from([0, 255, 254, 1]));
});

/** The second item comes when a file is there. */
export const parts = api(
  { method: "GET", path: "/parts", expose: true },
  async function* ({ file }: { file: string }): AsyncGenerator<{ part: number }> {
    yield { part: 1 };
    while (!existsSync(file)) await pause(10);
    yield { part: 2 };
  },
);

export const tell = api({}, async ({ address }: { address: string }): Promise<void> => {
  await pause(100);
  await fetch(address, { method: "POST", body: "told" });
});

/** Does not wait for what it begins. */
export const leave = api(
  { method: "POST", path: "/leave", expose: true },
  async ({ address }: { address: string }): Promise<{ left: boolean }> => {
    void desk.tell({ address });
    return { left: true };
  },
);
