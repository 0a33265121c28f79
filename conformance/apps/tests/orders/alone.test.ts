import { mock } from "tenon/test";
import { expect, test, vi } from "vitest";
import { orders, users } from "~tenon/clients";

const loading = vi.hoisted(() => ({ users: 0 }));

vi.mock("../users/users", async (original) => {
  loading.users++;
  return await original();
});

test("a file begins with empty tables, and a service that is mocked is not loaded", async () => {
  mock(users, { get: ({ id }) => ({ id, email: "x@example.com", mayOrder: true }) });
  expect((await orders.count()).orders).toBe(0);
  await orders.place({ id: "o1", userId: "u1", quantity: 1 });
  expect((await orders.count()).orders).toBe(1);
  expect(loading.users).toBe(0);
});
