// As Encore.ts wants it written, with its names.
import { api, RawRequest, RawResponse } from "encore.dev/api";
import express, { request, response } from "express4";

Object.setPrototypeOf(request, RawRequest.prototype);
Object.setPrototypeOf(response, RawResponse.prototype);

const app = express();
app.use(express.urlencoded({ extended: false }));
app.set("views", "./web/views");
app.set("view engine", "ejs");
app.post("/express4/form", (seen, answer) => {
  answer.json({ form: seen.body });
});
app.get("/express4/view", (_seen, answer) => {
  answer.render("page", { name: "Ada" });
});

export const express4 = api.raw({ method: "*", path: "/express4/!rest", expose: true }, app);
