// Shared code may call services and read secrets: for whichever service it runs in.
import { secret } from "encore.dev/config";
import { users } from "~encore/clients";
import type { User } from "./types";

export const token = secret("SharedToken");

export async function lookUp(id: string): Promise<User> {
  return users.get({ id });
}
