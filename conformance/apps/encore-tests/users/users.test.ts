import { expect, test, vi } from "vitest";
import * as auth from "~encore/auth";
import { users } from "~encore/clients";
import { me } from "./users";

test("calls are for whom their options say", async () => {
  await expect(users.me()).rejects.toMatchObject({ code: "unauthenticated" });
  expect(await users.me({ authData: { userID: "ada" } })).toEqual({ id: "ada" });
});

test("what a spy says of the caller holds for direct calls", async () => {
  const spy = vi.spyOn(auth, "getAuthData");
  spy.mockImplementation(() => ({ userID: "grace" }));
  expect(await me()).toEqual({ id: "grace" });
});

test("middleware runs around calls of clients", async () => {
  expect(await users.stamped()).toEqual({ stamp: "checked" });
});
