import { visits } from "~encore/clients";
import { expect, test } from "vitest";

test("the cache begins empty and keeps what it is given", async () => {
  expect(await visits.add({ userId: "ada" })).toEqual({ count: 1 });
  expect(await visits.add({ userId: "ada" })).toEqual({ count: 2 });
});
