import { api } from "tenon/api";

export const download = api.raw({ method: "GET", path: "/files/:id", expose: true }, (_request, response) => {
  response.end();
});

export const upload = api.raw({ method: "PUT", path: "/files/:id", expose: true }, (_request, response) => {
  response.end();
});
