import log from "tenon/log";
import { Service } from "tenon/service";
import { settings } from "./settings";
import { state } from "./state";
import { db } from "./db";

export default new Service("mail", {
  async init({ signal }) {
    const row = await db.queryRow<{ answer: number }>`SELECT 42 AS answer`;
    state.answer = row?.answer ?? 0;
    state.aborted = signal.aborted;
  },
  async shutdown({ deadlineAt }) {
    log.info("mail shuts down", { answer: state.answer, hasTime: deadlineAt > Date.now() });
  },
  healthChecks: {
    // The answer may be switched, to see both.
    server: () => state.healthy,
    slow: { check: async () => undefined, timeoutMs: settings.limits.timeoutMs },
  },
});
