import { App } from "tenon";
import { middleware } from "tenon/api";

/** Around every endpoint of every service. */
const stamp = middleware(async (request, next) => {
  const meta = request.requestMeta;
  const response = await next(request);
  response.header.set("X-App", `${meta?.type === "api-call" ? meta.api.service : "?"}`);
  return response;
});

export default new App({ middlewares: [stamp] });
