import { appMeta } from "tenon";
import { api } from "tenon/api";
import log from "tenon/log";

export const about = api({ method: "GET", path: "/about", expose: true }, async () => {
  log.debug("somebody asks");
  const { appId, apiBaseUrl, environment } = appMeta();
  return { appId, apiBaseUrl, environment };
});

/** For ever. */
export const wait = api({ method: "GET", path: "/wait", expose: true }, async () => {
  log.debug("somebody waits");
  await new Promise(() => {});
});
