import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { createTraceStore } from "./trace-store.ts";

const program = `
  import { createTraceStore } from ${JSON.stringify(new URL("./trace-store.js", import.meta.url).href)};
  import { writeSync } from "node:fs";
  const store = await createTraceStore({ folder: process.argv[1], segmentBytes: 50_000, maxSegments: 1000 });
  for (let number = 1; ; number++) {
    const traceId = number.toString(16).padStart(32, "0");
    const base = { traceId, service: "s", name: "s.e", kind: "server", startedAt: 1.7e12 + number, durationMs: 1, status: "unset", attributes: { text: "x".repeat(200) }, events: [] };
    store.add([{ ...base, spanId: "1".repeat(16), parentSpanId: null }, { ...base, spanId: "2".repeat(16), parentSpanId: "1".repeat(16) }]);
    writeSync(1, number + "\\n");
  }`;

test("kill -9 in the middle of writing loses no trace that was added, and the store opens and goes on", async () => {
  const folder = fs.mkdtempSync(join(tmpdir(), "tenon-crash-"));
  try {
    for (let round = 0; round < 3; round++) {
      const own = join(folder, String(round));
      const child = spawn(process.execPath, ["--input-type=module", "-e", program, own], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      const exited = once(child, "exit");
      let added = 0;
      for await (const line of createInterface({ input: child.stdout })) {
        added = Number(line);
        if (added === 300 + round * 77) child.kill("SIGKILL");
      }
      await exited;

      const store = await createTraceStore({ folder: own, segmentBytes: 50_000, maxSegments: 1000 });
      const listed = store.list({ limit: 1_000_000 });
      assert.ok(listed.length >= added && added >= 300, `${listed.length} of ${added}`);
      for (const summary of listed) assert.equal(summary.spans, 2);
      const oldest = listed.at(-1);
      assert.ok(oldest);
      assert.equal((await store.get(oldest.traceId))?.spans.length, 2);
      store.close();
    }
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
});
