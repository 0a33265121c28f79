// Endpoints of the users service: create, get and list customers.
import { APIError, api } from "tenon/api";
import type { IsEmail, MaxLen, MinLen } from "tenon/validate";
import { getAuthData } from "~tenon/auth";
import { type Page, type PageRequest, pageSize, toPage } from "../shared/page.ts";
import { db } from "./database.ts";

export type Email = string & IsEmail;

/** Decides how much a customer may spend in one order. */
export type Tier = "standard" | "premium";

export interface User {
  id: string;
  email: Email;
  name: string;
  phone?: string;
  tier: Tier;
  createdAt: Date;
}

interface CreateUserRequest {
  email: Email;
  name: string & MinLen<1> & MaxLen<200>;
  phone?: string;
  /** "standard" when left out. */
  tier?: Tier;
}

/** Registers a customer. */
export const create = api(
  { method: "POST", path: "/users", expose: true },
  async ({ email, name, phone, tier = "standard" }: CreateUserRequest): Promise<User> => {
    const row = await db.queryRow<UserRow>`
      INSERT INTO users (email, name, phone, tier) VALUES (${email.toLowerCase()}, ${name}, ${phone ?? null}, ${tier})
      ON CONFLICT (email) DO NOTHING
      RETURNING id, email, name, phone, tier, created_at`;
    if (row === null) throw APIError.alreadyExists(`there already is a user with the address ${email}`);
    return toUser(row);
  },
);

/** Finds a customer by id. */
export const get = api(
  { method: "GET", path: "/users/:id", expose: true },
  async ({ id }: { id: string }): Promise<User> => {
    const row = await db.queryRow<UserRow>`
      SELECT id, email, name, phone, tier, created_at FROM users WHERE id = ${id}`;
    if (row === null) throw APIError.notFound(`no user "${id}"`);
    return toUser(row);
  },
);

/** The customer who is logged in. */
export const me = api(
  { method: "GET", path: "/me", expose: true, auth: true },
  async (): Promise<User> => get({ id: getAuthData()!.userID }),
);

/** Lists customers by id. */
export const list = api(
  { method: "GET", path: "/users", expose: true },
  async (request: PageRequest): Promise<Page<User>> => {
    const size = pageSize(request);
    const rows = await db.queryAll<UserRow>`
      SELECT id, email, name, phone, tier, created_at FROM users
      WHERE id > ${request.cursor ?? ""} ORDER BY id LIMIT ${size + 1}`;
    return toPage(rows.map(toUser), size);
  },
);

interface UserRow {
  id: string;
  email: Email;
  name: string;
  phone: string | null;
  tier: Tier;
  created_at: Date;
}

function toUser({ created_at, phone, ...same }: UserRow): User {
  return { ...same, phone: phone ?? undefined, createdAt: created_at };
}
