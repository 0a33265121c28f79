// What a generated client is tried on: every kind of value, every place of a field, every kind of failure.
import { APIError, api, type Header, type Query } from "tenon/api";

/** A book as the library knows it. */
export interface Book {
  id: bigint;
  title: string;
  published: Date;
  cover: Uint8Array;
  link: URL | null;
  genres: Set<string>;
  /** Copies by branch. */
  copies: Map<string, number>;
  /** Who had it when. */
  loans: Map<number, Date>;
  edition: { kind: "first"; signedAt: Date } | { kind: "later"; number: number };
  returned: Date | "never";
  parts?: Book[];
}

/**
 * Gives a book back as it came.
 * It is not kept.
 */
export const echo = api({ method: "POST", path: "/library/echo", expose: true }, async (book: { book: Book }) => book);

/** Says where each field was found. */
export const find = api(
  { method: "GET", path: "/library/shelves/:shelf/books/:number", expose: true },
  async (request: {
    shelf: string;
    number: number;
    words?: string[];
    since?: Date;
    language: Header<"Accept-Language">;
    limit?: Query<number, "max-books">;
  }) => ({
    ...request,
    words: request.words ?? [],
    sinceMs: request.since?.getTime() ?? null,
    language: request.language,
  }),
);

/** Answers with headers. */
export const stamp = api(
  { method: "PUT", path: "/library/stamps/:id", expose: true },
  async ({
    id,
  }: {
    id: string;
  }): Promise<{
    tag: Header<"X-Tag">;
    at: Header<Date, "X-Stamped-At">;
    left: Header<number, "X-Left">;
    id: string;
  }> => ({
    tag: `tag of ${id}`,
    at: new Date(0),
    left: 3,
    id,
  }),
);

/** The rest of the path, slashes included. */
export const page = api(
  { method: "GET", path: "/library/pages/*path", expose: true },
  async ({ path }: { path: string }) => ({ path }),
);

export const nothing = api(
  { method: "DELETE", path: "/library/nothing", expose: true },
  async (): Promise<void> => undefined,
);

/** Fails with details. */
export const fail = api(
  { method: "GET", path: "/library/fail", expose: true },
  async (): Promise<{ never: string }> => {
    throw APIError.notFound("there is no such book").withDetails({ shelf: 7 });
  },
);

let attempts = 0;

/** Is there only when it is asked for the third time. */
export const flaky = api({ method: "GET", path: "/library/flaky", expose: true }, async () => {
  attempts++;
  if (attempts % 3 !== 0) throw APIError.unavailable("not yet");
  return { attempts };
});

/** As `flaky`, but asking again could do it twice. */
export const flakyOrder = api(
  { method: "POST", path: "/library/flaky-order", expose: true },
  async (): Promise<{ never: string }> => {
    throw APIError.unavailable("not yet");
  },
);

/** Takes longer than anybody waits. */
export const slow = api({ method: "GET", path: "/library/slow", expose: true }, async () => {
  await new Promise((resolve) => setTimeout(resolve, 20_000).unref());
  return { done: true };
});

/** For the app itself only. */
export const secret = api({ method: "GET", path: "/library/secret" }, async () => ({ secret: true }));
