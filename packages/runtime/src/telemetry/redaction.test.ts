// Secrets and sensitive fields reach neither log lines nor traces, in whatever form they turn up.
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { log } from "../log/log.ts";
import { configureLog } from "../log/output.ts";
import { encodeSpans } from "./otlp/encode-spans.ts";
import { hideFields, hideSecrets, redactText } from "./redaction.ts";

afterEach(() => {
  hideSecrets({});
  hideFields([]);
  configureLog({ pretty: false, level: "info" });
});

function linesOf(pretty: boolean, run: () => void): string {
  const lines: string[] = [];
  configureLog({ pretty, level: "trace", color: false, write: (line) => lines.push(line) });
  run();
  return lines.join("\n");
}

test("the value of a secret is replaced by its name in messages, fields, errors and nested values", () => {
  hideSecrets({ StripeKey: "sk_live_1234", Longer: "sk_live_1234_more" });
  for (const pretty of [false, true]) {
    const text = linesOf(pretty, () => {
      log.info("the key is sk_live_1234", { deep: { list: ["Bearer sk_live_1234_more"] } });
      log.error(new Error("bad key sk_live_1234"), "failed");
    });
    assert.ok(!text.includes("sk_live"), text);
    assert.ok(text.includes("[secret StripeKey]"));
    assert.ok(text.includes("Bearer [secret Longer]"));
  }
});

test("a secret of several lines is found where JSON has escaped it, once or twice", () => {
  const pem = '-----BEGIN "KEY"-----\nabc\\def\n';
  hideSecrets({ Pem: pem });
  assert.equal(redactText(JSON.stringify({ pem })), '{"pem":"[secret Pem]"}');
  const twice = redactText(JSON.stringify({ inner: JSON.stringify({ pem }) }));
  assert.deepEqual(JSON.parse(JSON.parse(twice).inner), { pem: "[secret Pem]" });
});

test("characters that mean something in patterns are taken as they are, and short values are left alone", () => {
  hideSecrets({ Odd: "a.c*(d)[e", Short: "12345" });
  assert.equal(redactText("a.c*(d)[e abcc12345"), "[secret Odd] abcc12345");
});

test("a span leaves the process without secrets", () => {
  hideSecrets({ Token: "tok-123456" });
  const span = {
    traceId: "a".repeat(32),
    spanId: "b".repeat(16),
    parentSpanId: null,
    service: "users",
    name: "GET",
    kind: "client" as const,
    startedAt: 1,
    durationMs: 1,
    status: "unset" as const,
    attributes: { "url.full": "https://api.test/?key=tok-123456" },
    events: [],
  };
  const body = redactText(encodeSpans([span]));
  assert.ok(body.includes("?key=[secret Token]"));
});

test("fields declared sensitive are shown by name only, at any depth", () => {
  hideFields(["password", "ssn"]);
  const line = linesOf(false, () =>
    log.info("signup", { user: { name: "Ada", password: "x" }, ssn: 7, list: [{ ssn: 1 }] }),
  );
  const { user, ssn, list } = JSON.parse(line);
  assert.deepEqual(
    { user, ssn, list },
    { user: { name: "Ada", password: "[sensitive]" }, ssn: "[sensitive]", list: [{ ssn: "[sensitive]" }] },
  );
});
