import { HandlerResponse, middleware } from "tenon/api";
import { Service } from "tenon/service";

interface Trail {
  trail: string[];
}

const first = middleware<Trail>(async (request, next) => {
  request.data.trail = ["first"];
  const response = await next(request);
  response.header.add("X-Order", "first");
  return response;
});

const second = middleware<Trail>(async (request, next) => {
  request.data.trail.push("second");
  const response = await next(request);
  response.header.add("X-Order", "second");
  return response;
});

/** Answers from memory for whoever asks for it; the handler does not run then. */
const remembered = middleware({ target: { tags: ["remembered"] } }, async (request, next) => {
  const meta = request.requestMeta;
  if (meta?.type === "api-call" && meta.parsedPayload?.["id"] === "known") {
    return new HandlerResponse({ id: "known", from: "memory", secret: "not declared" });
  }
  return next(request);
});

const created = middleware({ target: { tags: ["created"] } }, async (request, next) => {
  const response = await next(request);
  response.status = 201;
  response.payload.from = "middleware";
  return response;
});

/** What a handler throws can become something else. */
const forgiving = middleware({ target: { tags: ["forgiving"], expose: true } }, async (request, next) => {
  try {
    return await next(request);
  } catch (error) {
    return new HandlerResponse({ id: "none", from: (error as Error).message });
  }
});

const broken = middleware({ target: { tags: ["broken"] } }, async (request, next) => {
  const response = await next(request);
  response.payload = { id: 7 };
  return response;
});

export default new Service("shop", { middlewares: [first, second, remembered, created, forgiving, broken] });
