import { visits } from "~encore/clients";
import { expect, test } from "vitest";

test("the cache of another file is another one", async () => {
  expect(await visits.add({ userId: "ada" })).toEqual({ count: 1 });
  expect(await visits.add({ userId: "ada" })).toEqual({ count: 2 });
});
