import { randomBytes } from "node:crypto";

export function newId(): string {
  return randomBytes(6).toString("base64url");
}
