// Objects, lists and sets of one service; what is counted in them is in the other one.
import { APIError, api } from "encore.dev/api";
import {
  CacheError,
  CacheKeyExists,
  CacheMiss,
  expireIn,
  expireInHours,
  keepTTL,
  NumberSetKeyspace,
  StringListKeyspace,
  StructKeyspace,
} from "encore.dev/storage/cache";
import { visits } from "~encore/clients";
import { cache } from "../shared-cache";

interface Session {
  userId: string;
  roles: string[];
}

const sessions = new StructKeyspace<{ id: string }, Session>(cache, {
  keyPattern: "session/:id",
  defaultExpiry: expireInHours(1),
});
const recent = new StringListKeyspace<string>(cache, { keyPattern: "recent/:userId" });
const ages = new NumberSetKeyspace<number>(cache, { keyPattern: "ages/:group" });

export const open = api(
  { method: "PUT", path: "/sessions/:id", expose: true },
  async ({ id, userId, roles }: { id: string } & Session): Promise<{ visits: number; recent: string[] }> => {
    try {
      await sessions.setIfNotExists({ id }, { userId, roles });
    } catch (error) {
      if (error instanceof CacheKeyExists) throw APIError.alreadyExists(error.message);
      throw error;
    }
    await recent.pushLeft(userId, id);
    await recent.trim(userId, 0, 1);
    const { count } = await visits.add({ userId });
    return { visits: count, recent: await recent.items(userId) };
  },
);

export const get = api(
  { method: "GET", path: "/sessions/:id", expose: true },
  async ({ id }: { id: string }): Promise<Session> => {
    const session = await sessions.get({ id });
    if (session === undefined) throw APIError.notFound("no such session");
    return session;
  },
);

export const rename = api(
  { method: "POST", path: "/sessions/:id/user", expose: true },
  async ({ id, userId }: { id: string; userId: string }): Promise<{ isMiss: boolean; isCacheError: boolean }> => {
    try {
      await sessions.replace({ id }, { userId, roles: [] }, { expiry: keepTTL });
      return { isMiss: false, isCacheError: false };
    } catch (error) {
      return { isMiss: error instanceof CacheMiss, isCacheError: error instanceof CacheError };
    }
  },
);

export const brief = api(
  { method: "POST", path: "/brief/:id", expose: true },
  async ({ id }: { id: string }): Promise<void> => {
    await sessions.with({ expiry: expireIn(20) }).set({ id }, { userId: "brief", roles: [] });
  },
);

export const group = api(
  { method: "POST", path: "/groups/:id", expose: true },
  async ({ id, members }: { id: number; members: number[] }): Promise<{ members: number[] }> => {
    await ages.add(id, ...members);
    return { members: (await ages.items(id)).sort((a, b) => a - b) };
  },
);
