import { expect, test } from "vitest";
import { photos } from "~tenon/clients";

test("buckets and caches are empty for each file, and raw endpoints answer", async () => {
  expect(await photos.all()).toEqual({ names: [] });
  await photos.add({ name: "cat", text: "meow" });
  expect(await photos.all()).toEqual({ names: ["cat"] });
  expect(await photos.look({ name: "cat" })).toEqual({ name: "cat", seen: 1 });
  expect(await photos.look({ name: "cat" })).toEqual({ name: "cat", seen: 2 });
  const response = await photos.show({ params: { name: "cat" } });
  expect([response.status, await response.text()]).toEqual([200, "meow"]);
});
