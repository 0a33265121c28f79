import { HandlerResponse, middleware } from "tenon/api";
import { Service } from "tenon/service";

/** Goes on, or answers instead. */
const mark = middleware({ target: { isRaw: true, tags: ["marked"] } }, async (request, next) => {
  if (request.rawRequest.headers["x-stop"] !== undefined) {
    const instead = new HandlerResponse({ stopped: true });
    instead.status = 418;
    return instead;
  }
  request.rawResponse.setHeader("x-marked", "yes");
  return next(request);
});

export default new Service("files", { middlewares: [mark] });
