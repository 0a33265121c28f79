// Tells browsers how long the shop worked on an answer: they show it beside the time that the network took.
import { middleware } from "tenon/api";

export const serverTiming = middleware({ target: { isRaw: false, isStream: false } }, async (request, next) => {
  const startedAt = performance.now();
  const response = await next(request);
  response.header.set("Server-Timing", `shop;dur=${(performance.now() - startedAt).toFixed(1)}`);
  return response;
});
