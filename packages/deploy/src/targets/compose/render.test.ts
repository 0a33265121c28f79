// The files: the same bytes for the same app, nothing secret in them, everything to fill in listed, and parts that the user keeps.
import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "yaml";
import { sampleCompose, sampleInput } from "./compose.test.support.ts";
import { render } from "./render.ts";
import { composeTarget } from "./target.ts";

function fileOf(path: string, given: unknown = {}) {
  const file = render(sampleInput(given)).find((one) => one.path === path);
  assert.ok(file, path);
  return file;
}

test("the same app gives the same bytes, and the YAML is the object", () => {
  assert.deepEqual(render(sampleInput()), render(sampleInput()));
  // By readers of either version: to those of 1.1 a bare "no" is false.
  for (const version of ["1.1", "1.2"] as const) {
    assert.deepEqual(parse(fileOf("compose.yaml").text, { version }), JSON.parse(JSON.stringify(sampleCompose())));
  }
});

test(".env.example has every variable that compose.yaml asks for, and no more", () => {
  for (const given of [{}, { broker: "nats" }, { broker: "redis", objectsUrl: "https://files.example.com" }]) {
    const asked = [...fileOf("compose.yaml", given).text.matchAll(/\$\{(\w+)/g)].map(([, name]) => name);
    const listed = [...fileOf(".env.example", given).text.matchAll(/^(\w+)=/gm)].map(([, name]) => name);
    assert.deepEqual(listed.toSorted(), [...new Set(asked)].sort());
  }
});

test("overrides and the collector's settings are the user's", () => {
  const mine = render(sampleInput())
    .filter(({ isUsers }) => isUsers === true)
    .map(({ path }) => path);
  assert.deepEqual(mine, ["compose.override.yaml", "collector.yaml"]);
  for (const path of mine) assert.equal(typeof parse(fileOf(path).text), "object");
});

test("without a collector of its own, the app sends to the one that is named", () => {
  const compose = sampleCompose({ otlpEndpoint: "https://telemetry.example.com" });
  assert.equal(compose.services["collector"], undefined);
  assert.equal(
    compose.services["orders"]?.environment?.["OTEL_EXPORTER_OTLP_ENDPOINT"],
    "https://telemetry.example.com",
  );
});

test("resources are services, networks, volumes and what each unit is told", () => {
  const compose = composeTarget.resourcesIn("compose.yaml", fileOf("compose.yaml").text)!;
  for (const id of ["service/orders", "service/migrate-orders", "network/orders_postgres", "volume/postgres"]) {
    assert.ok(compose.has(id), id);
  }
  const infra = composeTarget.resourcesIn("infra/orders.json", fileOf("infra/orders.json").text)!;
  assert.deepEqual([...infra.keys()], ["infra/orders"]);
  assert.equal(composeTarget.resourcesIn("compose.yaml", "services: ["), undefined);
});

test("settings that cannot be meant are refused", () => {
  for (const given of [
    { broker: "kafka" },
    { port: 0 },
    { subnet: "10.0.0.0" },
    { engineImages: { mysql: "x" } },
    { baseUrl: "shop" },
  ]) {
    assert.throws(() => sampleInput(given), { code: "setting_invalid" }, JSON.stringify(given));
  }
});
