import { appMeta, currentRequest } from "tenon";
import { api, type Sensitive } from "tenon/api";
import log, { warn } from "tenon/log";
import { byKind, free, queued, seconds, sent, sizes } from "../shared/metrics";
import { apiKey, settings, unset } from "./settings";
import { state } from "./state";

/** What the service was told from outside. */
export const about = api({ method: "GET", path: "/mail/about", expose: true }, async () => ({
  settings: { ...settings, token: settings.token.length, since: settings.since?.getTime() },
  isFrozen: Object.isFrozen(settings) && Object.isFrozen(settings.limits),
  init: { ...state },
  keyLength: apiKey().length,
  unset: unset(),
  meta: appMeta(),
}));

export const health = api(
  { method: "POST", path: "/mail/health", expose: true },
  async ({ healthy }: { healthy: boolean }) => {
    state.healthy = healthy;
  },
);

interface Login {
  user: string;
  password: Sensitive<string>;
}

export const login = api(
  { method: "POST", path: "/mail/login", expose: true },
  async (request: Login): Promise<{ user: string; password: Sensitive<string> }> => {
    log.info("somebody logs in", { request, key: apiKey() });
    warn(new Error(`the key is ${apiKey()}`), "careless");
    console.log(`printed ${request.user}`);
    return request;
  },
);

export const hidden = api(
  { method: "POST", path: "/mail/hidden", expose: true, sensitive: true },
  async ({ note }: { note: string }) => ({ note }),
);

export const send = api(
  { method: "POST", path: "/mail/send/:to", expose: true, tags: ["out"] },
  async ({ to, size }: { to: string; size: number }) => {
    sent.increment();
    sent.ref().increment(0.5);
    byKind.with({ kind: to, urgent: size > 500 }).increment();
    queued.set(3);
    free.with({ disk: "a" }).set(0.25);
    sizes.record(size);
    seconds.with({ step: "render" }).record(0.02);
    return { request: JSON.parse(JSON.stringify(currentRequest() ?? null)) as Record<string, unknown> };
  },
);
