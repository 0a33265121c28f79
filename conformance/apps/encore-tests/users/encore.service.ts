import { middleware } from "encore.dev/api";
import { Service } from "encore.dev/service";

const stamp = middleware({ target: { tags: ["stamped"] } }, async (req, next) => {
  const resp = await next(req);
  resp.payload = { ...resp.payload, stamp: "checked" };
  return resp;
});

export default new Service("users", { middlewares: [stamp] });
