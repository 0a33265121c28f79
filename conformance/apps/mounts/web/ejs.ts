import ejs from "ejs";
import { currentRequest } from "tenon";
import { api } from "tenon/api";

export const page = api.raw({ method: "GET", path: "/page/:name", expose: true }, async (_request, response) => {
  const request = currentRequest();
  const name = request?.type === "api-call" ? request.pathParams["name"] : "";
  response.setHeader("content-type", "text/html");
  response.end(await ejs.renderFile("./web/views/page.ejs", { name }));
});
