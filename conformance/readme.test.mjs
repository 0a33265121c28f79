// The curl lines of both READMEs, run word for word in the order of the page against a shop that has just been started.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { copyApp } from "./harness/app-copy.mjs";
import { startDev } from "./harness/dev.mjs";
import { eventually } from "./harness/eventually.mjs";
import { isAnswer, readCurls, runCurl } from "./harness/readme-curls.mjs";
import { root } from "./harness/tenon.mjs";

for (const [file, topology] of [
  ["README.md", "single"],
  ["examples/shop/README.md", "per-service"],
]) {
  describe(`${file}, ${topology}`, { skip: process.platform === "win32" }, () => {
    let copy;
    let app;
    before(async () => {
      copy = await copyApp("examples/shop");
      app = await startDev(copy.dir, { topology });
    });
    after(async () => {
      await app?.cleanUp();
      await copy?.remove();
    });

    test("its curl lines answer what it says", async () => {
      // The service that the README has people write comes later, in a folder of its own.
      const curls = (await readCurls(`${root}/${file}`)).filter(({ command }) => !command.includes("/hello/"));
      assert.ok(curls.length >= 4, "curl lines are found");
      for (const { command, status, answer } of curls) await check(command, status, answer);
    });

    /** A person reads on before typing the next line; messages have arrived by then. */
    async function check(command, status, answer) {
      let seen;
      const isRead = command.includes("/me/");
      const ask = async () => {
        seen = await runCurl(command, app.gateway);
        return seen.status === status && isAnswer(seen.answer, answer);
      };
      const isRight = isRead ? await eventually(command, ask).catch(() => false) : await ask();
      assert.ok(isRight, `${command}\nanswers ${seen.status} ${seen.answer}\ninstead of ${status} ${answer}`);
    }
  });
}
