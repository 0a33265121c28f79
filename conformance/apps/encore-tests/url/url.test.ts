import { describe, expect, test, vi } from "vitest";
import { url } from "~encore/clients";
import * as ids from "./new-id";
import { count, get, shorten } from "./url";

describe("shorten", () => {
  test("getting a shortened url gives back the original", async () => {
    const resp = await shorten({ url: "https://example.com" });
    expect((await get({ id: resp.id })).url).toBe("https://example.com");
    expect((await url.get({ id: resp.id })).url).toBe("https://example.com");
  });

  test("calls through the client are validated", async () => {
    await expect(url.shorten({ url: "x" })).rejects.toMatchObject({ code: "invalid_argument" });
    await expect(url.get({ id: "nobody" })).rejects.toMatchObject({ code: "not_found", message: "url not found" });
  });

  test("a service and its test share their modules", async () => {
    const spy = vi.spyOn(ids, "newId").mockReturnValue("fixed");
    expect(await url.shorten({ url: "https://example.org" })).toEqual({ id: "fixed", url: "https://example.org" });
    spy.mockRestore();
    expect((await get({ id: "fixed" })).url).toBe("https://example.org");
    expect(await count()).toEqual({ count: 2 });
  });
});
