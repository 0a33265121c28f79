import { middleware } from "tenon/api";
import { Service } from "tenon/service";

/** Raw endpoints have the same middleware as others. */
const mark = middleware({ target: { isRaw: true, tags: ["marked"] } }, async (request, next) => {
  if (request.rawRequest.headers["x-stop"] !== undefined) {
    request.rawResponse.statusCode = 418;
    request.rawResponse.end("stopped");
  } else {
    request.rawResponse.setHeader("x-marked", "yes");
  }
  return next(request);
});

export default new Service("files", { middlewares: [mark] });
