import { middleware } from "tenon/api";
import { Service } from "tenon/service";

/** Adds to the message what the handler can see: that it ran, and around what. */
const mark = middleware({ target: { isSubscription: true } }, async (request, next) => {
  const meta = request.requestMeta;
  if (meta?.type === "pubsub-message" && meta.parsedPayload?.id === "skipped")
    throw new Error("the middleware refuses");
  marked.push(meta?.type === "pubsub-message" ? `${meta.topic}/${meta.subscription}` : "?");
  return next(request);
});

/** What the middleware ran around, in order. */
export const marked: string[] = [];

export default new Service("mail", { middlewares: [mark] });
