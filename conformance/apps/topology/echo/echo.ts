// The callee: gives back what it got, fails in every way, takes its time.
import { APIError, api } from "tenon/api";
import log from "tenon/log";

export enum Color {
  Red = "red",
  Green = "green",
}

export interface Everything {
  text: string;
  count: number;
  yes: boolean;
  big: bigint;
  at: Date;
  bytes: Uint8Array;
  link: URL;
  color: Color;
  optional?: string;
  nullable: string | null;
  list: number[];
  pair: [string, number?];
  record: Record<string, number>;
  map: Map<string, Date>;
  set: Set<number>;
  shape: { kind: "circle"; radius: number } | { kind: "square"; side: number };
  dateOrNumber: Date | number;
  tree: Tree;
}

export interface Tree {
  value: string;
  children: Tree[];
}

export const everything = api({}, async (request: Everything): Promise<Everything> => request);

export const text = api({}, async ({ text }: { text: string }) => ({ text, length: [...text].length }));

export const names = api(
  {},
  async ({ count }: { count: number }): Promise<string[]> =>
    Array.from({ length: count }, (_, index) => `name ${index}`),
);

export const moment = api({}, async (): Promise<Date> => new Date("2026-11-22T10:00:00.123Z"));

export const nothing = api({}, async (): Promise<void> => {});

/** Mutates what it was given: the caller must not see it. */
export const spoil = api({}, async (request: { list: number[] }): Promise<{ sum: number }> => {
  const sum = request.list.reduce((total, item) => total + item, 0);
  request.list.length = 0;
  return { sum };
});

interface Account {
  name: string;
}

/** Returns more than it declares. */
export const leak = api({}, async (): Promise<Account> => ({ name: "a", passwordHash: "secret" }) as Account);

/** Returns something else than it declares. */
export const lie = api({}, async (): Promise<{ count: number }> => JSON.parse('{"count":"three"}'));

export const fail = api(
  {},
  async ({ how }: { how: "api-error" | "details" | "error" | "string" | "cause" }): Promise<void> => {
    if (how === "api-error") throw APIError.notFound("no such thing");
    if (how === "details")
      throw APIError.failedPrecondition("out of stock").withDetails({ left: 2, items: ["a", "ü"] });
    if (how === "cause") throw APIError.aborted("lost a race", new Error("hidden cause"));
    if (how === "error") throw new Error("a secret: 4711");
    throw "a string";
  },
);

/** Waits until it is told to stop, or for long. */
export const slow = api({}, async ({ ms }: { ms: number }): Promise<{ waitedMs: number }> => {
  await new Promise((resolve) => setTimeout(resolve, ms));
  log.info("slow is done", { ms });
  return { waitedMs: ms };
});
