import { api, type APIError } from "encore.dev/api";
import { getAuthData } from "~encore/auth";
import { inbox } from "~encore/clients";

interface Seen {
  user: string | null;
  name?: string;
  isDate?: boolean;
  lookups?: number;
}

function seen(): Seen {
  const data = getAuthData();
  if (data === null) return { user: null };
  if ("lookups" in data) return { user: data.userID, lookups: data.lookups };
  return { user: data.userID, name: data.name, isDate: data.since instanceof Date };
}

/** For authenticated callers only. */
export const me = api({ method: "GET", path: "/me", expose: true, auth: true }, async (): Promise<Seen> => seen());

/** For everybody; knows who it is when they say. */
export const hello = api({ method: "GET", path: "/hello", expose: true }, async (): Promise<Seen> => seen());

/** All keys, as nothing undeclared may come through. */
export const keys = api({ method: "GET", path: "/keys", expose: true, auth: true }, async () => {
  return { keys: Object.keys(getAuthData()!).sort() };
});

export const viaInbox = api({ method: "GET", path: "/via-inbox", expose: true }, async () => {
  // What one service does to its copy is nobody else's business.
  const data = getAuthData();
  if (data !== null) data.userID = "changed";
  return await inbox.whose();
});

export const asBob = api({ method: "GET", path: "/as-bob", expose: true }, async () => {
  const since = new Date("2025-01-01T00:00:00Z");
  return await inbox.whose({ authData: { userID: "u-bob", role: "user", since, name: "Bob" } });
});

export const asNobody = api({ method: "GET", path: "/as-nobody", expose: true }, async () => {
  return await outcomeOf(() => inbox.whose({ authData: null }));
});

export const asSomethingElse = api({ method: "GET", path: "/as-something-else", expose: true }, async () => {
  return await outcomeOf(() => inbox.whose({ authData: { userID: 7 } as never }));
});

async function outcomeOf(call: () => Promise<{ user: string }>): Promise<{ user?: string; code?: string }> {
  try {
    return await call();
  } catch (error) {
    return { code: (error as APIError).code };
  }
}
