// Every program under fixtures/ through both TypeScripts: those in types/ give the schemas written down beside them, those in wrong/
// the diagnostics their header names, and both adapters the same graph.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Graph } from "@tenon/model";
import { type Analysis, createAnalyzer } from "./analyze.ts";
import { type Fixture, layOut, readFixtures } from "./fixture-app.test.support.ts";

async function analyseFixture(fixture: Fixture, typescript: "native" | "classic"): Promise<Analysis> {
  const app = layOut(fixture);
  try {
    const analyzer = await createAnalyzer({ appDir: app.dir, configFile: app.configFile, typescript });
    try {
      const analysis = await analyzer.analyze();
      if (fixture.header.some(({ key }) => key === "checked")) assert.deepEqual(await analyzer.typeErrors(), []);
      return analysis;
    } finally {
      await analyzer.close();
    }
  } finally {
    app.remove();
  }
}

interface Expected {
  readonly endpoints: Record<string, object>;
  readonly schemas?: object;
  readonly topics?: object;
}

/** The part of the graph that an expected.json speaks about. */
function selected(graph: Graph, expected: Expected) {
  const endpoints: Record<string, object> = {};
  for (const service of graph.services) {
    for (const endpoint of service.endpoints) {
      const wanted = expected.endpoints[`${service.name}.${endpoint.name}`];
      if (wanted === undefined) continue;
      const keys = new Set([...Object.keys(wanted), "request", "response"]);
      endpoints[`${service.name}.${endpoint.name}`] = Object.fromEntries(
        Object.entries(endpoint).filter(([key]) => keys.has(key)),
      );
    }
  }
  return {
    endpoints,
    ...(expected.schemas === undefined ? {} : { schemas: graph.schemas }),
    ...(expected.topics === undefined ? {} : { topics: plainTopics(graph) }),
  };
}

/** Topics without where they stand and what their messages are. */
function plainTopics({ topics = [] }: Graph) {
  return topics.map(({ location: _, message: __, subscriptions, ...topic }) => ({
    ...topic,
    subscriptions: subscriptions.map(({ location: ___, ...subscription }) => subscription),
  }));
}

describe("types", () => {
  for (const fixture of readFixtures("types")) {
    test(fixture.name, async () => {
      const native = await analyseFixture(fixture, "native");
      assert.deepEqual(native.diagnostics, []);
      assert.ok(native.graph);
      const expected = JSON.parse(fixture.files["expected.json"]!);
      assert.deepEqual(selected(native.graph, expected), expected);
      const classic = await analyseFixture(fixture, "classic");
      assert.deepEqual(classic.diagnostics, []);
      assert.deepEqual({ ...classic.graph, app: null }, { ...native.graph, app: null });
    });
  }
});

describe("wrong programs", () => {
  for (const fixture of readFixtures("wrong")) {
    test(fixture.name, async () => {
      const native = await analyseFixture(fixture, "native");
      assertExpected(native, fixture);
      const classic = await analyseFixture(fixture, "classic");
      assert.deepEqual(classic.diagnostics, native.diagnostics);
    });
  }
});

/** Header lines: "expect: TN1201 users/users.ts:5:3 part of the message". */
function assertExpected(analysis: Analysis, fixture: Fixture): void {
  const isBroken = analysis.diagnostics.some(({ severity }) => severity === "error");
  assert.equal(analysis.graph === null, isBroken, "a graph where there are only warnings, and none otherwise");
  const got = analysis.diagnostics.map(({ code, file, line, column, message }) => ({
    place: `${code} ${file}:${line}:${column}`,
    message,
  }));
  const wanted = fixture.header
    .filter(({ key }) => key === "expect")
    .map(({ value }) => {
      const [, place, message] = /^(\S+ \S+) (.*)$/.exec(value)!;
      return { place: place!, message: message! };
    });
  assert.deepEqual(
    got.map(({ place }) => place),
    wanted.map(({ place }) => place),
    JSON.stringify(got, null, 1),
  );
  for (const [i, { message }] of wanted.entries())
    assert.ok(got[i]!.message.includes(message), `${got[i]!.message}\ndoes not say: ${message}`);
}
