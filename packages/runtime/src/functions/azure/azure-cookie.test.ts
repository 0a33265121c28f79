// A cookie keeps all that its line says of it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { cookieOf } from "./azure-cookie.ts";

test("attributes become fields", () => {
  const line =
    "id=a=b; Domain=example.org; Path=/; Max-Age=60; Secure; HttpOnly; SameSite=lax; Expires=Thu, 01 Jan 2026 00:00:00 GMT";
  assert.deepEqual(cookieOf(line), {
    name: "id",
    value: "a=b",
    domain: "example.org",
    path: "/",
    maxAge: 60,
    secure: true,
    httpOnly: true,
    sameSite: "Lax",
    expires: new Date("2026-01-01T00:00:00Z"),
  });
  assert.deepEqual(cookieOf("id="), { name: "id", value: "" });
});
