import { middleware } from "tenon/api";
import { Service } from "tenon/service";

/** Private endpoints only: calls from other services go through it like requests from outside. */
const doubled = middleware({ target: { expose: false } }, async (request, next) => {
  const response = await next(request);
  response.payload.level *= 2;
  response.status = 404;
  return response;
});

export default new Service("stock", { middlewares: [doubled] });
