// A process of its own that works on a cache, with a witness in its parent: it says over IPC what it is about to do and goes on when it
// is told to. Argument: JSON of ProcessOptions.
import {
  CacheCluster,
  type CacheServer,
  configureCaches,
  configureDatabases,
  LockKeyspace,
  SQLDatabase,
  StringKeyspace,
} from "@tenon/runtime";

export interface ProcessOptions {
  readonly server: CacheServer;
  /** Where the table `ledger` is. */
  readonly database?: string;
  readonly keys: string;
  readonly label: string;
}

export type Order =
  | { readonly do: "lock"; readonly rounds: number; readonly ttlMs: number }
  | { readonly do: "write"; readonly ttlMs: number }
  | { readonly do: "load"; readonly key: string; readonly value: string; readonly fails?: boolean };

export interface Saying {
  readonly word: "ready" | "enter" | "leave" | "wrote" | "lost" | "loading" | "loaded" | "failed" | "done";
  readonly value?: unknown;
}

const { server, database, keys, label } = JSON.parse(process.argv[2]!) as ProcessOptions;
configureCaches({ clusters: { main: server } });
if (database !== undefined) configureDatabases({ ledger: { connectionString: database } });
const cluster = new CacheCluster("main");
const locks = new LockKeyspace<string>(cluster, { keyPattern: `${keys}/lock/:id` });
const texts = new StringKeyspace<string>(cluster, { keyPattern: `${keys}/text/:id` });
const ledger = new SQLDatabase("ledger");

const inbox: unknown[] = [];
let wake: () => void = () => {};
process.on("message", (message) => {
  inbox.push(message);
  wake();
});
process.on("disconnect", () => process.exit());

async function receive(): Promise<unknown> {
  while (inbox.length === 0) {
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
  }
  return inbox.shift();
}

/** Resolves when the parent lets it go on. */
async function say(word: Saying["word"], value?: unknown): Promise<void> {
  process.send!({ word, value } satisfies Saying);
  await receive();
}

async function lock({ rounds, ttlMs }: Extract<Order, { do: "lock" }>): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    const work = async ({ token }: { readonly token: number }) => {
      await say("enter", token);
      await say("leave", token);
    };
    await locks.hold("a", work, { ttlMs, waitMs: 60_000 }).catch((error: Error) => say("lost", error.message));
  }
}

/** A write that looks at the token, after a pause that the parent decides on. */
async function write({ ttlMs }: Extract<Order, { do: "write" }>): Promise<void> {
  const work = async ({ token }: { readonly token: number }) => {
    await say("enter", token);
    const written = await ledger.queryAll`
      UPDATE ledger SET token = ${token}, writer = ${label} WHERE id = 1 AND token <= ${token} RETURNING id`;
    await say("wrote", written.length);
  };
  await locks.hold("a", work, { ttlMs, waitMs: 60_000 }).catch((error: { code?: string }) => say("lost", error.code));
}

async function load({ key, value, fails }: Extract<Order, { do: "load" }>): Promise<void> {
  const found = texts.getOrSet(key, async () => {
    await say("loading");
    if (fails === true) throw new Error("the load failed");
    return value;
  });
  await found.then(
    (text) => say("loaded", text),
    (error: Error) => say("failed", error.message),
  );
}

await say("ready");
for (;;) {
  const order = (await receive()) as Order;
  if (order.do === "lock") await lock(order);
  else if (order.do === "write") await write(order);
  else await load(order);
  await say("done");
}
