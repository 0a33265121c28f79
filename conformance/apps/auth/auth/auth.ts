// A folder with auth handlers and a gateway, and nothing that makes it a service: no endpoint, no marker.
import { APIError, Gateway, type Header, type Query } from "encore.dev/api";
import { authHandler } from "encore.dev/auth";

interface AuthParams {
  authorization: Header<"Authorization">;
}

interface AuthData {
  userID: string;
  role: "admin" | "user";
  since: Date;
  name: string;
}

const users: Record<string, AuthData> = {
  alice: { userID: "u-alice", role: "admin", since: new Date("2024-02-29T00:00:00Z"), name: "Alice Ŝmith 👩" },
  bob: { userID: "u-bob", role: "user", since: new Date("2025-01-01T00:00:00Z"), name: "Bob" },
};

export const auth = authHandler<AuthParams, AuthData>(async ({ authorization }) => {
  const token = authorization.replace("Bearer ", "");
  if (token === "expired") throw APIError.unauthenticated("the token has expired").withDetails({ since: "yesterday" });
  if (token === "down") throw APIError.unavailable("the session store is down");
  if (token === "crash") throw new Error("secret 4711");
  const user = users[token];
  // Only what the type declares may get out of here.
  return user === undefined ? null : ({ ...user, passwordHash: "hash" } as AuthData);
});

let lookups = 0;

// Not exported, with inferred types, and remembered for a while.
const byKey = authHandler(
  async ({ key }: { key: Query<"api_key"> }) => {
    lookups++;
    return key === "robot-key" ? { userID: "robot", lookups } : null;
  },
  { cache: { ttlMs: 60_000, maxEntries: 10 } },
);

export const gateway = new Gateway({ authHandlers: [auth, byKey] });
