// The life of services in a process: init, checks of health, shutdown, each with its time.
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { currentCall } from "../call/context.ts";
import { currentRequest } from "../call/request-meta.ts";
import { configureLog } from "../log/output.ts";
import { HostedServices } from "./hosted-services.ts";
import type { ServiceHooks } from "./service-hooks.ts";

afterEach(() => configureLog({ pretty: false, level: "info" }));

function servicesWith(hooks: Readonly<Record<string, ServiceHooks>>): HostedServices {
  const services = new HostedServices();
  for (const [name, config] of Object.entries(hooks)) services.add(name, { name, config });
  return services;
}

test("all services are initialised at the same time, in a context of their own that is no request", async () => {
  const seen: string[] = [];
  let release = () => {};
  const other = new Promise<void>((resolve) => {
    release = resolve;
  });
  const services = servicesWith({
    a: { init: () => other },
    b: {
      init: ({ signal, deadlineAt }) => {
        const call = currentCall();
        seen.push(
          `${call?.service} ${call?.endpoint} ${currentRequest()} ${signal.aborted} ${deadlineAt > Date.now()}`,
        );
        release();
      },
    },
    c: {},
  });
  services.add("d", undefined);
  await services.init();
  assert.deepEqual(seen, ["b init undefined false true"]);
});

test("an init that throws or takes too long keeps the process from starting; what began is ended", async () => {
  const ended: string[] = [];
  const services = servicesWith({
    bad: {
      init: () => {
        throw new TypeError("no licence");
      },
      shutdown: () => void ended.push("bad"),
    },
    good: { init: () => {}, shutdown: () => void ended.push("good") },
  });
  await assert.rejects(services.init(), {
    code: "service_init_failed",
    message: 'the service "bad" failed in init: TypeError: no licence',
  });
  await services.shutdown(1000);
  assert.deepEqual(ended, ["good"]);

  let reason: unknown;
  const slow = servicesWith({
    slow: {
      initTimeoutMs: 20,
      init: ({ signal }) =>
        new Promise(() => {
          signal.addEventListener("abort", () => {
            reason = signal.reason;
          });
        }),
    },
  });
  await assert.rejects(slow.init(), /failed in init: it took longer than 20 ms \(initTimeoutMs\)/);
  assert.ok(reason instanceof Error);
});

test("a check fails when it throws, rejects, returns false or takes too long", async () => {
  const services = servicesWith({
    mail: {
      healthChecks: {
        fine: () => {},
        true: async () => true,
        throws: () => {
          throw new Error("refused");
        },
        rejects: () => Promise.reject("a text"),
        false: () => false,
        late: { check: () => new Promise<void>(() => {}), timeoutMs: 20 },
      },
    },
  });
  const results = await services.check();
  assert.deepEqual(
    results.map(({ name, status, error }) => [name, status, error]),
    [
      ["mail.false", "failed", "it returned false"],
      ["mail.fine", "ok", undefined],
      ["mail.late", "failed", "it took longer than 20 ms"],
      ["mail.rejects", "failed", "a text"],
      ["mail.throws", "failed", "refused"],
      ["mail.true", "ok", undefined],
    ],
  );
});

test("a shutdown that fails or hangs is logged and keeps nobody else from ending", async () => {
  const lines: string[] = [];
  configureLog({ pretty: false, level: "error", write: (line) => lines.push(JSON.parse(line).message) });
  const ended: string[] = [];
  const services = servicesWith({
    fails: { shutdown: () => Promise.reject(new Error("no")) },
    hangs: { shutdown: () => new Promise<void>(() => {}) },
    ends: { shutdown: () => void ended.push("ends") },
  });
  await services.init();
  assert.equal(services.hasShutdown, true);
  await services.shutdown(30);
  await services.shutdown(30);
  assert.deepEqual(ended, ["ends"]);
  assert.deepEqual(lines.sort(), ['the service "fails" failed in shutdown', 'the service "hangs" failed in shutdown']);
});
