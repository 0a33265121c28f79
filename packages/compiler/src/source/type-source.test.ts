// Both TypeScripts behind the port, and the traps of the native one: stale snapshots, a killed process, a hung one, one that does
// not start.
import assert from "node:assert/strict";
import { chmodSync, writeFileSync } from "node:fs";
import { afterEach, describe, test } from "node:test";
import { type FixtureApp, layOut, parseFixture } from "../fixture-app.test.support.ts";
import { ClassicSource } from "./classic.ts";
import { NativeSource } from "./native.ts";
import { openTypeSource } from "./open-source.ts";
import type { TypeSource } from "./type-source.ts";

const program = `-- a.ts --
import type { User } from "./types";
// é 😀 keeps byte and UTF-16 offsets apart
export const get = async (id: string): Promise<User> => { throw new Error(id); };
-- types.ts --
export interface User { id: string }
`;

const opened: { app: FixtureApp; source: TypeSource }[] = [];

async function open(source: TypeSource): Promise<FixtureApp> {
  const app = layOut(parseFixture("port", program));
  opened.push({ app, source });
  await source.open(app.configFile);
  return app;
}

afterEach(async () => {
  for (const { app, source } of opened.splice(0)) {
    await source.close();
    app.remove();
  }
});

async function propertyNames(source: TypeSource, app: FixtureApp): Promise<string[]> {
  const text = parseFixture("port", program).files["a.ts"]!;
  const { answers, types } = await source.crawl([
    { kind: "function", file: `${app.dir}/a.ts`, position: text.indexOf("get =") },
  ]);
  const answer = answers[0]!;
  assert.equal(answer.kind, "function");
  const record = types.get(answer.kind === "function" ? answer.returns : 0);
  assert.equal(record?.kind, "object");
  return record?.kind === "object" ? record.members.properties.map(({ name }) => name) : [];
}

for (const [name, create] of [
  ["native", () => new NativeSource()],
  ["classic", () => new ClassicSource()],
] as const) {
  describe(name, () => {
    test("an edit is seen: changed, created and deleted files", async () => {
      const source = create();
      const app = await open(source);
      assert.deepEqual(await propertyNames(source, app), ["id"]);
      const types = app.write(
        "types.ts",
        'import type { More } from "./more";\nexport interface User extends More { id: string; email: string }\n',
      );
      const more = app.write("more.ts", "export interface More { extra: number }\n");
      await source.update({ changed: [types], created: [more], deleted: [] });
      assert.deepEqual((await propertyNames(source, app)).sort(), ["email", "extra", "id"]);
      const { rmSync } = await import("node:fs");
      rmSync(more);
      await source.update({ changed: [], created: [], deleted: [more] });
      const codes = (await source.diagnostics()).map(({ code }) => code);
      assert.ok(codes.includes(2307), `cannot find the module: ${codes}`);
    });

    test("diagnostics say where, in UTF-16 offsets", async () => {
      const source = create();
      const app = await open(source);
      const file = app.write("a.ts", 'const smile = "😀é";\nconst n: number = smile;\n');
      await source.update({ changed: [file], created: [], deleted: [] });
      const [diagnostic] = await source.diagnostics([file]);
      assert.equal(diagnostic?.code, 2322);
      assert.equal(diagnostic?.span?.start, 'const smile = "😀é";\nconst '.length);
    });

    test("an unknown file or position gives nothing rather than a failure", async () => {
      const source = create();
      const app = await open(source);
      const { answers } = await source.crawl([{ kind: "function", file: `${app.dir}/a.ts`, position: 3 }]);
      assert.equal(answers[0]?.kind, "nothing");
    });
  });
}

test("a killed compiler process is replaced, and the answer comes", async () => {
  const source = new NativeSource();
  const app = await open(source);
  const first = source.processId!;
  process.kill(first, "SIGKILL");
  assert.deepEqual(await propertyNames(source, app), ["id"]);
  assert.notEqual(source.processId, first);
});

test("a process killed while it works is replaced too", async () => {
  const source = new NativeSource();
  const app = await open(source);
  const answer = propertyNames(source, app);
  process.kill(source.processId!, "SIGKILL");
  assert.deepEqual(await answer, ["id"]);
});

test("a hung compiler process is given up at the deadline, and a new one answers", async () => {
  const source = new NativeSource({ deadlineMs: 3_000 });
  const app = await open(source);
  const first = source.processId!;
  process.kill(first, "SIGSTOP");
  assert.deepEqual(await propertyNames(source, app), ["id"]);
  assert.notEqual(source.processId, first);
});

test("where the native compiler cannot start, the classic one is used and the reason is told", async () => {
  const app = layOut(parseFixture("port", program));
  const executable = app.write("not-a-compiler", "");
  writeFileSync(executable, "#!/bin/sh\nexit 1\n");
  chmodSync(executable, 0o755);
  for (const broken of [executable, `${app.dir}/missing`]) {
    const { source, fallbackReason } = await openTypeSource(app.configFile, {
      typescript: "native",
      executable: broken,
    });
    opened.push({ app, source });
    assert.ok(source instanceof ClassicSource);
    assert.match(fallbackReason ?? "", /TypeScript process|tsgo process/);
    assert.deepEqual(await propertyNames(source, app), ["id"]);
  }
});
