// Gives back what it was asked with, after a pause in which others are served, and does to its own request what a careless handler does.
import { setTimeout as sleep } from "node:timers/promises";
import { api, type Header, type Query } from "tenon/api";

interface Line {
  sku: string;
  quantity: number;
  note?: string;
}

type Payment = { kind: "card"; digits: string } | { kind: "cash"; given: number };

interface MirrorRequest {
  id: string;
  limit?: Query<number>;
  tag?: Query<string[]>;
  token?: Header<"x-token">;
  title: string;
  lines: Line[];
  labels?: Record<string, string>;
  payment: Payment;
  at?: Date;
  size?: "s" | "m" | "l";
}

interface Mirrored {
  id: string;
  limit?: number;
  tag?: string[];
  token?: string;
  title: string;
  lines: Line[];
  labels?: Record<string, string>;
  payment: Payment;
  at?: Date;
  size?: "s" | "m" | "l";
}

export const mirror = api(
  { method: "POST", path: "/mirror/:id", expose: true },
  async (request: MirrorRequest): Promise<Mirrored> => {
    const pauseMs = request.title.length % 4;
    if (pauseMs > 0) await sleep(pauseMs);
    const own = structuredClone(request);
    const given = { ...own, lines: own.lines.map((line) => ({ ...line, cost: 7 })), secret: "stray" };
    // Its request is its own: nobody else may ever see this.
    request.lines.length = 0;
    request.title = "emptied";
    if (request.labels !== undefined) request.labels["emptied"] = "yes";
    return given;
  },
);

export const raw = api.raw({ method: "POST", path: "/raw", expose: true }, async (request, response) => {
  let size = 0;
  for await (const chunk of request) size += (chunk as Buffer).length;
  response.setHeader("content-type", "text/plain");
  response.end(`${size} bytes for ${request.headers["x-token"]}`);
});

export const many = api({ method: "GET", path: "/many", expose: true }, async function* ({ to }: { to: number }) {
  for (let n = 1; n <= to; n++) yield { n, stray: true } as { n: number };
});

export const refuse = api(
  { method: "GET", path: "/refuse/:why", expose: true },
  async ({ why }: { why: string }): Promise<void> => {
    throw new Error(`for the log alone: ${why}`);
  },
);
