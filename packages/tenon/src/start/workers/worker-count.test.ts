// Who says how many workers there are, and what is no number of them.
import assert from "node:assert/strict";
import { availableParallelism } from "node:os";
import { test } from "node:test";
import { workerCount } from "./worker-count.ts";

test("the command line goes before the environment, that before infra.json, and that before the app file", () => {
  assert.equal(workerCount({ option: "3", variable: "4", app: 5 }), 3);
  assert.equal(workerCount({ option: undefined, variable: "4", app: 5 }), 4);
  assert.equal(workerCount({ option: undefined, variable: "", app: 5 }), 5);
  assert.equal(workerCount({ option: undefined, variable: undefined, infra: 2, app: 5 }), 2);
  assert.equal(workerCount({ option: undefined, variable: undefined, app: undefined }), 1);
});

test("cores are those that this process may use", () => {
  assert.equal(workerCount({ option: "cores", variable: undefined, app: undefined }), availableParallelism());
  assert.equal(workerCount({ option: undefined, variable: undefined, app: "cores" }), availableParallelism());
});

test("anything else is told by where it stands", () => {
  for (const text of ["0", "257", "two", "-1", "1.5", "Cores"]) {
    assert.throws(() => workerCount({ option: text, variable: undefined, app: undefined }), {
      code: "invalid_workers",
      message: `--workers must be a number from 1 to 256, or "cores", got "${text}"`,
    });
  }
  assert.throws(() => workerCount({ option: undefined, variable: "0", app: 2 }), /TENON_WORKERS must be/);
});
