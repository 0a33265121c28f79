// Editing an app while it runs: no request is lost, what is broken keeps the good version serving, what is mended comes up by itself, and
// nobody is left behind. In both topologies.
import assert from "node:assert/strict";
import { appendFileSync, existsSync, writeFileSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { Agent, get } from "node:http";
import { createServer } from "node:net";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { copyApp } from "./harness/app-copy.mjs";
import { launchDev, startDev } from "./harness/dev.mjs";
import { eventually } from "./harness/eventually.mjs";
import { canListProcesses } from "./harness/processes.mjs";

/** A save that takes longer, on a machine that stood still meanwhile, is two edits to anybody. */
const longestSaveMs = 130;

/** Node's own fetch pools connections as it likes; a plain agent shows every connection that breaks. */
class Hammer {
  #agent = new Agent({ keepAlive: true });
  #running = true;
  #loops;
  failures = [];
  answers = 0;
  seen = new Set();

  constructor(app, path, clients) {
    this.#loops = Array.from({ length: clients }, async () => {
      while (this.#running) await this.#one(`${app.gateway}${path}`);
    });
  }

  async #one(url) {
    try {
      const { status, text } = await request(url, this.#agent);
      this.answers++;
      if (status === 200) this.seen.add(text.replace(/,"pid":\d+/, ""));
      else this.failures.push(`${status} ${text}`);
    } catch (error) {
      this.failures.push(String(error));
    }
  }

  async stop() {
    this.#running = false;
    await Promise.all(this.#loops);
    this.#agent.destroy();
  }
}

function request(url, agent) {
  return new Promise((resolve, reject) => {
    get(url, { agent }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk) => {
        text += chunk;
      });
      response.on("end", () => resolve({ status: response.statusCode, text }));
      response.on("error", reject);
    }).on("error", reject);
  });
}

for (const topology of ["single", "per-service"]) {
  describe(`edits, ${topology}`, () => {
    let copy;
    let app;
    before(async () => {
      copy = await copyApp("conformance/apps/reload");
      app = await startDev(copy.dir, { topology });
    });
    after(async () => {
      await app?.stop();
      await app?.waitUntilGone();
      await copy?.remove();
    });

    const file = (name) => join(copy.dir, name);
    const read = (name) => readFile(file(name), "utf8");
    const edit = async (name, change) => writeFile(file(name), change(await read(name)));
    const setFront = (n) => edit("front/front.ts", (text) => text.replace(/front-\w+/, `front-${n}`));
    const setBack = (n) => edit("back/back.ts", (text) => text.replace(/back-\w+/, `back-${n}`));
    const versions = async () => (await app.request("GET", "/version")).body;
    const served = (expected) =>
      eventually(`${JSON.stringify(expected)} to be served`, async () => {
        const answer = await app.request("GET", "/version");
        return Object.entries(expected).every(([key, value]) => answer.body[key] === value);
      }).catch((error) => assert.fail(`${error.message}\n${app.output}`));
    /** Does something and gives the first event of a kind that it brought. */
    const expecting = async (kind, act, where = () => true) => {
      const begin = app.events.length;
      await act();
      return eventually(`the event ${kind}`, () =>
        app.events.slice(begin).find((event) => event.event === kind && where(event)),
      ).catch((error) => assert.fail(`${error.message}\n${app.output}`));
    };

    test("20 clients and 10 edits: no request fails, no process stays", async () => {
      const before = canListProcesses ? app.processes().length : 0;
      const hammer = new Hammer(app, "/version", 20);
      for (let n = 1; n <= 10; n++) {
        const slow = request(`${app.gateway}/slow/1500`);
        // Those that nobody waits for may be under way when the test has failed.
        slow.catch(() => {});
        const { front, back } = await versions();
        await (n % 2 === 0 ? setFront(`load${n}`) : setBack(`load${n}`));
        await served(n % 2 === 0 ? { front: `front-load${n}` } : { back: `back-load${n}` });
        if (n % 5 !== 0) continue;
        const answer = await slow;
        assert.equal(answer.status, 200, answer.text);
        assert.equal(JSON.parse(answer.text).front, front, "finished by the process that began it");
        assert.ok(topology === "per-service" || JSON.parse(answer.text).back === back);
      }
      await hammer.stop();
      assert.deepEqual(hammer.failures.slice(0, 5), [], `${hammer.failures.length} of ${hammer.answers} failed`);
      assert.ok(hammer.answers > 100);
      assert.ok(hammer.seen.size >= 10, [...hammer.seen].join("\n"));
      if (canListProcesses) {
        await eventually("the old processes to end", () => app.processes().length <= before);
      }
    });

    test("a save in two steps is served only when it is whole, wherever it was cut", async () => {
      const saveInTwoSteps = async (before, version) => {
        const text = (await read("front/front.ts")).replace(/front-\w+/, version);
        const cut = text.indexOf(before);
        const hammers = ["/version", "/slow/1"].map((path) => new Hammer(app, path, 2));
        const begunAt = performance.now();
        writeFileSync(file("front/front.ts"), text.slice(0, cut));
        // Longer than the watch waits for more.
        await new Promise((resolve) => setTimeout(resolve, 60));
        appendFileSync(file("front/front.ts"), text.slice(cut));
        const tookMs = performance.now() - begunAt;
        await served({ front: version });
        for (const hammer of hammers) await hammer.stop();
        return { hammers, tookMs };
      };
      for (const [n, before] of ["// The public side", "interface Versions", "/** Begins"].entries()) {
        let save;
        for (let attempt = 0; save === undefined || save.tookMs > longestSaveMs; attempt++) {
          assert.ok(attempt < 50, `it always took ${save?.tookMs} ms`);
          save = await saveInTwoSteps(before, `front-cut${n}x${attempt}`);
        }
        for (const { failures, answers } of save.hammers) {
          assert.deepEqual(failures.slice(0, 5), [], `${failures.length} of ${answers} failed`);
        }
      }
    });

    test("a file that is emptied and stays so is served without what it declared", async () => {
      const good = await read("front/front.ts");
      await writeFile(file("front/front.ts"), "");
      await eventually("the endpoints to be gone", async () => (await app.request("GET", "/version")).status === 404);
      await writeFile(file("front/front.ts"), good);
      await eventually("them again", async () => (await app.request("GET", "/version")).status === 200);
    });

    test("a burst of writes ends in the last one, the same content in no reload", async () => {
      for (let n = 0; n < 10; n++) {
        await setFront(`burst${n}`);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      await served({ front: "front-burst9" });
      const reloads = () => app.events.filter(({ event }) => event === "reload").length;
      // Only once a reload is told is it over: what it brought is served a moment before.
      const next = async (act) => {
        const before = reloads();
        await act();
        await eventually("a reload", () => reloads() > before);
        return reloads() - before;
      };
      await next(() => setBack("burst"));
      await edit("front/front.ts", (text) => text);
      assert.equal(await next(() => setFront("after")), 1);
      await served({ front: "front-after" });
    });

    test("a save by rename is seen", async () => {
      const text = (await read("front/front.ts")).replace(/front-\w+/, "front-renamed");
      await writeFile(file("front/front.ts.swp~"), text);
      await rename(file("front/front.ts.swp~"), file("front/front.ts"));
      await served({ front: "front-renamed" });
    });

    test("a syntax error keeps the good version; taking it back is told", async () => {
      const good = await read("front/front.ts");
      const error = await expecting("error", () => writeFile(file("front/front.ts"), `${good}\nconst = 1;`));
      assert.equal(error.code, "build_failed");
      assert.equal((await app.request("GET", "/version")).status, 200);
      assert.equal((await app.fromDashboard("/api/status")).state, "broken");
      await expecting("reload", () => writeFile(file("front/front.ts"), good));
      assert.equal((await app.fromDashboard("/api/status")).state, "running");
    });

    test("a crash at import keeps the good version, which also survives a crash of its own", async () => {
      const good = await read("back/back.ts");
      const error = await expecting("error", () =>
        writeFile(file("back/back.ts"), `${good}\nthrow new Error("broken at import");`),
      );
      assert.match(error.message, /broken at import/);
      const { body } = await app.request("GET", "/pid");
      process.kill(body.pid, "SIGKILL");
      await eventually("the good version again", async () => {
        const answer = await app.request("GET", "/pid");
        return answer.status === 200 && answer.body.pid !== body.pid;
      }).catch((failure) => assert.fail(`${failure.message}\n${app.output}`));
      await expecting("reload", () => writeFile(file("back/back.ts"), good));
    });

    test("code that never finishes loading does not hold up the edit that mends it", async () => {
      const good = await read("front/front.ts");
      await writeFile(file("front/front.ts"), `${good}\nawait new Promise(() => {});`);
      await new Promise((resolve) => setTimeout(resolve, 2500));
      assert.equal((await app.request("GET", "/version")).status, 200);
      await writeFile(file("front/front.ts"), good.replace(/front-\w+/, "front-mended"));
      await served({ front: "front-mended" });
    });

    test("an endpoint, a flag, a service come, move and go", async () => {
      const extra = `import { api } from "tenon/api";\nexport const extra = api({ method: "GET", path: "/extra" }, async () => ({ extra: 1 }));\n`;
      await expecting("reload", () => writeFile(file("front/extra.ts"), extra));
      assert.equal((await app.request("GET", "/extra")).status, 404);
      await expecting("reload", () =>
        edit("front/extra.ts", (text) => text.replace("/extra", "/extra").replace('" }', '", expose: true }')),
      );
      // The event may be that of the edit before: what is served is told a moment after it is.
      await eventually("/extra", async () => (await app.request("GET", "/extra")).body?.extra === 1);

      const added = await expecting(
        "reload",
        async () => {
          await mkdir(file("more"));
          await writeFile(
            file("more/tenon.service.ts"),
            'import { Service } from "tenon/service";\nexport default new Service("more");\n',
          );
          await writeFile(file("more/more.ts"), extra.replaceAll("extra", "more").replace('" }', '", expose: true }'));
        },
        ({ services }) => services.includes("more"),
      );
      assert.ok(added);
      await eventually("/more", async () => (await app.request("GET", "/more")).status === 200);

      await rename(file("more"), file("most"));
      await edit("most/tenon.service.ts", (text) => text.replace('"more"', '"most"'));
      await eventually("the service under its new name", async () => {
        const graph = await app.fromDashboard("/api/graph");
        return graph.services.some(({ name }) => name === "most") && (await app.request("GET", "/more")).status === 200;
      });
      await rm(file("most"), { recursive: true });
      await rm(file("front/extra.ts"));
      await eventually(
        "both to be gone",
        async () =>
          (await app.request("GET", "/more")).status === 404 && (await app.request("GET", "/extra")).status === 404,
      );
    });

    test("migrations: a new one, a broken one, an edited one, each mended", async () => {
      const second = "back/migrations/2_more.up.sql";
      const migrated = ({ migrations }) => migrations.length > 0;
      const added = await expecting(
        "reload",
        () => writeFile(file(second), "insert into names values ('bob');\n"),
        migrated,
      );
      assert.deepEqual(added.migrations, ["back: 2_more.up.sql"]);
      assert.deepEqual((await app.request("GET", "/names")).body.names, ["ada", "bob"]);

      const third = "back/migrations/3_last.up.sql";
      const broken = await expecting("error", () => writeFile(file(third), "insert into nowhere values (1);\n"));
      assert.equal(broken.code, "migration_failed");
      assert.equal((await app.request("GET", "/names")).status, 200);
      await expecting("reload", () => writeFile(file(third), "insert into names values ('eve');\n"), migrated);
      assert.deepEqual((await app.request("GET", "/names")).body.names, ["ada", "bob", "eve"]);

      const text = await read(second);
      const edited = await expecting("error", () => writeFile(file(second), `${text}-- edited\n`));
      assert.match(edited.code, /^migration_/);
      await expecting("reload", () => writeFile(file(second), text));
      assert.equal((await app.fromDashboard("/api/status")).state, "running");
    });

    test("a database comes to a running app", async () => {
      await mkdir(file("front/migrations"));
      await writeFile(file("front/migrations/1_first.up.sql"), "create table t (n int);\ninsert into t values (42);\n");
      // What is served is told a moment later; the next test must not take it for its own.
      const code = `import { api } from "tenon/api";
import { SQLDatabase } from "tenon/storage/sqldb";
const db = new SQLDatabase("numbers", { migrations: "./migrations" });
export const number = api({ method: "GET", path: "/number", expose: true }, async () => ({ n: (await db.queryRow<{ n: number }>\`select n from t\`)?.n }));
`;
      await expecting(
        "reload",
        () => writeFile(file("front/numbers.ts"), code),
        ({ migrations }) => migrations.length > 0,
      );
      await eventually("the number", async () => (await app.request("GET", "/number")).body?.n === 42);
    });

    test("a secret that is missing is empty and told; writing it brings the version up", async () => {
      const code = `import { api } from "tenon/api";
import { secret } from "tenon/config";
const key = secret("ReloadKey");
export const key_ = api({ method: "GET", path: "/key", expose: true }, async () => ({ key: key(), env: process.env.PLAIN ?? null }));
`;
      await expecting("reload", () => writeFile(file("back/key.ts"), code));
      const told = app.events.filter(({ code }) => code === "secrets_missing").at(-1);
      assert.match(told.message, /ReloadKey/);
      assert.deepEqual((await app.request("GET", "/key")).body, { key: "", env: null });
      await expecting("reload", () => writeFile(file(".env.local"), "ReloadKey=first\nPLAIN=one\n"));
      assert.deepEqual((await app.request("GET", "/key")).body, { key: "first", env: "one" });
      await expecting("reload", () => writeFile(file(".env.local"), "ReloadKey=second\nPLAIN=two\n"));
      assert.deepEqual((await app.request("GET", "/key")).body, { key: "second", env: "two" });
    });

    test("a changed contract is a type error at its caller, which is told, served, and mended", async () => {
      const good = await read("back/back.ts");
      const error = await expecting(
        "error",
        () => writeFile(file("back/back.ts"), good.replace("({ version: backVersion })", "({ release: backVersion })")),
        ({ code }) => code === "type_errors",
      );
      assert.ok(error.diagnostics.some((diagnostic) => diagnostic.file.endsWith("front/front.ts")));
      assert.ok((await app.fromDashboard("/api/status")).diagnostics.some(({ code }) => code.startsWith("TS")));
      assert.equal((await app.request("GET", "/names")).status, 200);
      await expecting(
        "types",
        () => writeFile(file("back/back.ts"), good),
        ({ errors }) => errors === 0,
      );
      assert.deepEqual((await app.fromDashboard("/api/status")).diagnostics, []);
    });

    test("the app's settings change", async () => {
      await writeFile(file("tenon.json"), '{ "id": "another" }');
      await eventually("the new id", async () => (await app.fromDashboard("/api/graph")).app.id === "another");
      await edit("tsconfig.json", (text) => text.replace('"paths": {', '"paths": { "@back/*": ["./back/*"],'));
      await writeFile(file("back/shared.ts"), 'export const shared = "front-shared";\n');
      await edit(
        "front/front.ts",
        (text) =>
          `import { shared } from "@back/shared";\n${text.replace(/const frontVersion = .*/, "const frontVersion = shared;")}`,
      );
      await served({ front: "front-shared" });
    });

    test("50 files change at once", async () => {
      await mkdir(file("front/parts"));
      const parts = Array.from({ length: 50 }, (_, n) => n);
      const write = (value) =>
        Promise.all(
          parts.map((n) => writeFile(file(`front/parts/p${n}.ts`), `export const p${n}: number = ${value};\n`)),
        );
      await write(1);
      await writeFile(
        file("front/sum.ts"),
        `import { api } from "tenon/api";
${parts.map((n) => `import { p${n} } from "./parts/p${n}";`).join("\n")}
export const sum = api({ method: "GET", path: "/sum", expose: true }, async () => ({ sum: ${parts.map((n) => `p${n}`).join(" + ")} }));
`,
      );
      await eventually("the sum", async () => (await app.request("GET", "/sum")).body?.sum === 50);
      await write(2);
      await eventually("the new sum", async () => (await app.request("GET", "/sum")).body?.sum === 100);
    });

    for (const how of ["exit", "timer", "rejection"]) {
      test(`a process that ends itself (${how}) is told and comes back`, async () => {
        const { body } = await app.request("GET", "/pid");
        const crash = await expecting(
          "error",
          async () => {
            const answer = await app.request("POST", "/die", { how });
            assert.equal(answer.status, 503, answer.text);
            assert.equal(answer.body.code, "unavailable");
          },
          ({ code }) => code === "service_crashed",
        );
        assert.match(crash.message, /back.*ended unexpectedly \(exit code [17]\)/);
        const again = await app.request("GET", "/pid");
        assert.equal(again.status, 200, again.text);
        assert.notEqual(again.body.pid, body.pid);
      });
    }

    test("the events: ready first, JSON only, lines of services inside", async () => {
      await app.request("POST", "/say", { text: "hello events" });
      await eventually("both lines", () => {
        const logs = app.events.filter(({ event }) => event === "log");
        return (
          logs.some(({ line }) => line === "printed hello events") &&
          logs.some(({ entry }) => entry?.message === "hello events" && entry.said === true && entry.service === "back")
        );
      }).catch((error) => assert.fail(`${error.message}\n${app.output}`));
      assert.equal(app.events[0].event, "ready");
      assert.deepEqual(app.strayLines, []);
    });

    test("deleting .tenon is told, and everything is made anew", async () => {
      await rm(file(".tenon"), { recursive: true, force: true });
      const error = await expecting(
        "error",
        () => setBack("anew"),
        ({ code }) => code === "generated_files_deleted",
      );
      assert.match(error.hint, /begin empty/);
      await served({ back: "back-anew" });
      assert.deepEqual((await app.request("GET", "/names")).body.names, ["ada", "bob", "eve"]);
    });
  });
}

describe("the end of tenon dev", () => {
  let copy;
  before(async () => {
    copy = await copyApp("conformance/apps/reload");
  });
  after(async () => {
    await copy?.remove();
  });

  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  const withApp = async (app, use) => {
    try {
      await use(app);
      await app.waitUntilGone();
    } finally {
      await app.cleanUp();
    }
    assert.equal(existsSync(join(copy.dir, ".tenon/dev.json")), false, "the app counts as running");
    assert.doesNotMatch(app.output, /^\s+at .*\n\s+at /m, `a stack in:\n${app.output}`);
  };

  for (const delayMs of [150, 400, 800, 1200]) {
    test(`Ctrl-C ${delayMs} ms after the start`, async () => {
      await withApp(launchDev(copy.dir, { topology: "per-service" }), async (app) => {
        await pause(delayMs);
        const { code, signal } = await app.stop("SIGINT");
        // Before its first line ran, the signal does what it does to any program.
        assert.ok(code === 0 || signal === "SIGINT", `${code} ${signal} ${app.output}`);
      });
    });
  }

  test("SIGHUP, as when the terminal is closed", async () => {
    await withApp(await startDev(copy.dir), async (app) => {
      assert.equal((await app.stop("SIGHUP")).code, 0, app.output);
    });
  });

  test("Ctrl-C in the middle of a reload, with a slow request under way", async () => {
    await withApp(await startDev(copy.dir, { topology: "per-service" }), async (app) => {
      const slow = request(`${app.gateway}/slow/20000`).catch(() => {});
      const file = join(copy.dir, "front/front.ts");
      await writeFile(file, (await readFile(file, "utf8")).replace(/front-\w+/, "front-ended"));
      await pause(60);
      assert.equal((await app.stop("SIGINT")).code, 0, app.output);
      await slow;
    });
  });

  test("Ctrl-C twice does not wait for a slow request", async () => {
    await startDev(copy.dir).then(async (app) => {
      try {
        const slow = request(`${app.gateway}/slow/20000`).catch(() => {});
        await pause(100);
        await app.request("GET", "/version");
        app.signal("SIGINT");
        // Two signals that come before the first is taken are one.
        await eventually("the door to be closed", () =>
          request(`${app.gateway}/version`).then(
            () => false,
            () => true,
          ),
        );
        app.signal("SIGINT");
        assert.equal((await app.ended()).code, 130);
        await slow;
        await app.waitUntilGone();
      } finally {
        await app.cleanUp();
      }
    });
    // The file it could not take back does not keep the next one out.
    await withApp(await startDev(copy.dir), (app) => app.stop());
  });

  test("nobody reads its output any more", async () => {
    await withApp(await startDev(copy.dir), async (app) => {
      app.stopReading();
      // Something else may have been printed before, and it has ended then.
      await app.request("POST", "/say", { text: "to nobody" }).catch(() => {});
      assert.equal((await app.ended()).code, 0);
    });
  });

  test("a port that is taken, by name; nothing else was started", async () => {
    const blocker = createServer().listen(0, "127.0.0.1");
    await eventually("the blocker", () => blocker.listening);
    const port = String(blocker.address().port);
    await withApp(launchDev(copy.dir, { args: ["--port", port] }), async (app) => {
      assert.equal((await app.ended()).code, 1, app.output);
      assert.match(app.output, new RegExp(`address_in_use[\\s\\S]*${port}`));
    });
    blocker.close();
  });

  test("two apps run beside each other, a second one of the same app does not; namespaces keep data apart", async () => {
    const other = await copyApp("conformance/apps/reload");
    const [one, two] = await Promise.all([
      startDev(copy.dir),
      startDev(other.dir, { args: ["--namespace", "second"] }),
    ]);
    try {
      for (const app of [one, two]) assert.deepEqual((await app.request("GET", "/names")).body.names, ["ada"]);
      const again = launchDev(copy.dir);
      assert.equal((await again.ended()).code, 1);
      assert.match(again.output, /already_running/);
      assert.equal((await one.request("GET", "/version")).status, 200);
      assert.ok(existsSync(join(other.dir, ".tenon/data/second/postgres")));
      assert.equal(existsSync(join(other.dir, ".tenon/data/default")), false);
    } finally {
      await Promise.all([one.stop(), two.stop()]);
      await Promise.all([one.waitUntilGone(), two.waitUntilGone()]);
      await other.remove();
    }
  });

  test("an error that is mended while the first build still runs is not kept", async () => {
    const file = join(copy.dir, "front/front.ts");
    const good = await readFile(file, "utf8");
    await writeFile(file, `${good}\nconst = 1;`);
    const app = launchDev(copy.dir);
    await withApp(app, async () => {
      await pause(450);
      await writeFile(file, good.replace(/front-\w+/, "front-firstbuild"));
      await app.waitForEvent("ready");
      await eventually("the mended version", async () => {
        const answer = await app.request("GET", "/version");
        return answer.body.front === "front-firstbuild";
      });
      await app.stop();
    });
  });

  test("--no-watch serves what is there and stays with it", async () => {
    await withApp(await startDev(copy.dir, { args: ["--no-watch"] }), async (app) => {
      const file = join(copy.dir, "front/front.ts");
      await writeFile(file, (await readFile(file, "utf8")).replace(/front-\w+/, "front-unseen"));
      await pause(400);
      assert.notEqual((await app.request("GET", "/version")).body.front, "front-unseen");
      await app.stop();
    });
  });
});
