import express from "express";
import { api } from "tenon/api";
import { live } from "~tenon/clients";

const app = express();
app.use(express.json());
app.get("/express5/hello/:name", (request, response) => {
  response.cookie("seen", "yes", { httpOnly: true });
  response.json({ hello: request.params.name, query: request.query, ip: request.ip, host: request.host });
});
app.post("/express5/echo", (request, response) => {
  response.status(201).json({ got: request.body });
});
app.get("/express5/page", (_request, response) => {
  response.type("html").send("<p>a page</p>");
});
/** Handlers of the old app may already use the new app's clients. */
app.get("/express5/typed", async (_request, response) => {
  response.json(await live.ping());
});
app.get("/express5/fail", () => {
  throw new Error("caught by the app");
});
app.use((error: Error, _request: express.Request, response: express.Response, _next: express.NextFunction) => {
  response.status(500).json({ handled: error.message });
});

export const express5 = api.raw({ method: "*", path: "/express5/*rest", expose: true }, app);
