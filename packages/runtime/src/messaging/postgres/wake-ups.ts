// One listening connection per process, shared by its consumers: tells each when something was published for it. A connection that
// breaks is made again, and everybody is woken then, for what was published in between.
import pg from "pg";

const reconnectMs = 1_000;
const connectTimeoutMs = 10_000;

export class WakeUps {
  readonly #connectionString: string;
  /** By id of the subscription. */
  readonly #sleepers = new Map<string, () => void>();
  #client: pg.Client | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(connectionString: string) {
    this.#connectionString = connectionString;
  }

  /** `wake` is called whenever there may be something to take. */
  add(subscription: number, wake: () => void): void {
    this.#sleepers.set(String(subscription), wake);
    // Once there is a client, its connection stays, or is made again, until the broker closes.
    if (this.#client === undefined) void this.#connect();
  }

  remove(subscription: number): void {
    this.#sleepers.delete(String(subscription));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#client?.end().catch(() => {});
  }

  async #connect(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.#connectionString,
      keepAlive: true,
      connectionTimeoutMillis: connectTimeoutMs,
    });
    let isLost = false;
    const lose = () => {
      if (isLost) return;
      isLost = true;
      void client.end().catch(() => {});
      if (this.#isClosed) return;
      this.#timer = setTimeout(() => void this.#connect(), reconnectMs);
    };
    client.on("error", lose);
    client.on("end", lose);
    client.on("notification", ({ payload }) => this.#sleepers.get(payload ?? "")?.());
    this.#client = client;
    try {
      await client.connect();
      await client.query("LISTEN tenon_messages");
      for (const wake of this.#sleepers.values()) wake();
    } catch {
      lose();
    }
  }
}
