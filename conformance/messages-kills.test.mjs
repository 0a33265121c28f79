// kill -9 under load, of the consumers' process and of PostgreSQL: every message that was acknowledged is handled, those of one key in
// order, and everything goes on without a person.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { copyApp } from "./harness/app-copy.mjs";
import { startDev } from "./harness/dev.mjs";
import { eventually } from "./harness/eventually.mjs";
import { canListProcesses } from "./harness/processes.mjs";

const customers = ["dan", "eve", "fay", "gus"];
let nextSequence = 1;

/** One writer per customer publishes until told to stop; gives the ids that were acknowledged, by customer. */
function startLoad(app) {
  const acknowledged = new Map(customers.map((customer) => [customer, []]));
  let running = true;
  const writers = customers.map(async (customer) => {
    while (running) {
      const sequence = nextSequence++;
      const id = `${customer}-${sequence}`;
      const answer = await app
        .request("POST", "/moves", { orders: [{ id, customer, sequence }] })
        .catch(() => undefined);
      if (answer?.status === 200) acknowledged.get(customer).push(id);
      await new Promise((resolve) => setTimeout(resolve, answer?.status === 200 ? 5 : 50));
    }
  });
  return {
    acknowledged,
    async stop() {
      running = false;
      await Promise.all(writers);
    },
  };
}

const skip = canListProcesses ? false : "the processes of an app cannot be found here";

describe("kill -9 under load", { skip }, () => {
  let copy;
  let app;
  before(async () => {
    copy = await copyApp("conformance/apps/messages");
    app = await startDev(copy.dir, { topology: "per-service" });
  });
  after(async () => {
    await app?.stop();
    await app?.cleanUp();
    await copy.remove();
  });

  /** Ids that the subscription `follow` has handled, first times only, in order. */
  const handled = async (customer) => {
    const { body } = await app.request("GET", "/notes");
    return [...new Set((body?.notes ?? []).filter(({ kind }) => kind === `follow ${customer}`).map(({ id }) => id))];
  };

  const surviving = async (kill) => {
    const load = startLoad(app);
    try {
      await eventually("messages", () => load.acknowledged.get("dan").length > 20);
      await kill();
      const before = load.acknowledged.get("dan").length;
      await eventually("messages after the kill", () => load.acknowledged.get("dan").length > before + 20);
    } finally {
      await load.stop();
    }
    for (const customer of customers) {
      const acknowledged = load.acknowledged.get(customer);
      const ids = await eventually(
        `all messages of ${customer}`,
        async () => {
          const found = await handled(customer);
          return acknowledged.every((id) => found.includes(id)) && found;
        },
        { deadlineMs: 60_000 },
      );
      const sequences = ids.map((id) => Number(id.split("-")[1]));
      assert.deepEqual(
        sequences,
        sequences.toSorted((a, b) => a - b),
      );
    }
  };

  test("of the process that consumes", () =>
    surviving(async () => {
      const { body } = await app.request("GET", "/seen");
      process.kill(body.pid, "SIGKILL");
    }));

  test("of PostgreSQL", () =>
    surviving(() => {
      const postmaster = app
        .processes()
        .find(
          ({ command }) =>
            /\bpostgres\b.* -D /.test(command) && !command.includes("unshare") && !command.includes("setpriv"),
        );
      assert.ok(postmaster !== undefined);
      process.kill(postmaster.pid, "SIGKILL");
    }));
});
