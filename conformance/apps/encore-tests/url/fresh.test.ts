import { expect, test, vi } from "vitest";
import { url } from "~encore/clients";

vi.mock("./new-id", () => ({ newId: () => "mocked" }));

test("each file begins with what the migrations made, and services see mocked modules", async () => {
  expect(await url.count()).toEqual({ count: 0 });
  expect(await url.shorten({ url: "https://example.com" })).toEqual({ id: "mocked", url: "https://example.com" });
  expect(await url.count()).toEqual({ count: 1 });
});
