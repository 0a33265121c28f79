import { asAuth, deliver, mock, published, useClock } from "tenon/test";
import { describe, expect, test } from "vitest";
import { mail, orders, users } from "~tenon/clients";
import { archived, placed, reviews } from "./placed";

const user = { id: "u1", email: "u1@example.com", mayOrder: true };

describe("calls", () => {
  test("are validated, and reach services that were loaded for them", async () => {
    expect(await orders.place({ id: "o1", userId: "u1", quantity: 2 })).toEqual({ id: "o1", quantity: 2 });
    await expect(orders.place({ id: "o2", userId: "u1", quantity: 0 })).rejects.toMatchObject({
      code: "invalid_argument",
    });
    expect((await orders.count()).orders).toBe(1);
  });

  test("see the configuration for tests", async () => {
    await expect(orders.place({ id: "o3", userId: "u1", quantity: 4 })).rejects.toMatchObject({
      code: "out_of_range",
      message: "at most 3",
    });
  });
});

describe("mock", () => {
  test("stands in until the end of its block", async () => {
    {
      using _ = mock(users, { get: async ({ id }) => ({ ...user, id, mayOrder: false }) });
      await expect(orders.place({ id: "o4", userId: "u1", quantity: 1 })).rejects.toMatchObject({
        code: "permission_denied",
      });
    }
    expect(await users.get({ id: "u9" })).toEqual({ ...user, id: "u9", email: "u9@example.com" });
  });

  test("is held to the contract, in types and in values", async () => {
    // @ts-expect-error: `mayOrder` is missing.
    using _ = mock(users, { get: async () => ({ id: "u1", email: "u1@example.com" }) });
    await expect(users.get({ id: "u1" })).rejects.toMatchObject({ code: "internal" });
  });

  test("tells what it cannot stand in for", () => {
    expect(() => mock({ nothing: async () => 1 }, { nothing: () => 2 })).toThrow(/not_a_client|generated client/);
  });
});

describe("asAuth", () => {
  test("says for whom a part of the test runs", async () => {
    await expect(users.whoami()).rejects.toMatchObject({ code: "unauthenticated" });
    const who = await asAuth({ userID: "ada", role: "admin" }, () => users.whoami());
    expect(who).toEqual({ id: "ada", role: "admin" });
    await expect(async () => asAuth({ userID: 1 }, () => users.whoami())).rejects.toThrow(/userID/);
  });
});

describe("messages", () => {
  test("of a transaction are published when it commits, and taken in one", async () => {
    await expect(orders.archive({ id: "o7", fails: true })).rejects.toMatchObject({ code: "aborted" });
    expect(published(archived)).toEqual([]);
    await orders.archive({ id: "o7", fails: false });
    expect(published(archived)).toEqual([{ orderId: "o7" }]);
    const before = (await orders.count()).orders;
    await deliver(archived);
    expect((await orders.count()).orders).toBe(before + 1);
  });

  test("are kept, and delivered when the test says so", async () => {
    const before = published(placed).length;
    await orders.place({ id: "o5", userId: "carol", quantity: 1 });
    expect(published(placed).slice(before)).toEqual([
      { orderId: "o5", email: "carol@example.com", at: expect.any(Date) },
    ]);
    await deliver(placed);
    expect((await mail.outbox()).sent).toContain("carol@example.com");
    await deliver(placed);
    expect((await mail.outbox()).sent.filter((to) => to === "carol@example.com")).toHaveLength(1);
  });

  test("that a handler rejects make the test fail", async () => {
    await orders.place({ id: "o6", userId: "bounce", quantity: 1 });
    await expect(deliver(placed)).rejects.toThrow(/placed\/thanks.*no such mailbox/);
  });
});

describe("useClock", () => {
  test("runs cron jobs at their time", async () => {
    await using clock = await useClock(new Date("2026-01-01T00:30:00Z"));
    await clock.advance(3 * 60 * 60 * 1000);
    expect((await orders.count()).sweeps).toBe(3);
    expect(new Date(clock.now()).toISOString()).toBe("2026-01-01T03:30:00.000Z");
  });
});

describe("messages with options", () => {
  test("are due by the clock, once, by filter, and reach batch handlers together", async () => {
    await using clock = await useClock();
    const inAnHour = { delay: "1h", dedupKey: "a" } as const;
    const first = await reviews.publish({ orderId: "a", of: "goods" }, inAnHour);
    expect(await reviews.publish({ orderId: "a", of: "goods" }, inAnHour)).toBe(first);
    await reviews.publishBatch(
      [
        { orderId: "b", of: "goods" },
        { orderId: "c", of: "service" },
      ],
      { delay: "1h" },
    );
    expect(published(reviews)).toHaveLength(3);
    await deliver(reviews);
    expect((await mail.outbox()).asked).toEqual([]);
    await clock.advance(60 * 60 * 1000);
    await deliver(reviews);
    expect((await mail.outbox()).asked).toEqual([["a", "b"]]);
  });
});
