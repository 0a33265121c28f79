import { api } from "tenon/api";

export const assets = api.static({
  path: "/assets/*path",
  expose: true,
  dir: "./public",
  headers: { "x-site": ["a", "b"] },
});

/** Routes in the browser: what is no file is the page. */
export const site = api.static({
  path: "/!path",
  expose: true,
  dir: "./public",
  notFound: "./public/index.html",
  notFoundStatus: 200,
});

export const page = api.static({ path: "/only", expose: true, dir: "./public/docs" });
