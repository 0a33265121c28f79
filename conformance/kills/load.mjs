// Clients that publish without a break: notes, batches of moves, and payments inside transactions, each writer one request after the
// other. What they attempt and what they are told goes into the history.

const writersOfEach = 4;
const requestTimeoutMs = 10_000;
const poisonShare = 0.02;
const rollbackShare = 0.05;
const longestHoldMs = 25;
const afterFailureMs = 150;

export class Load {
  #history;
  #random;
  #publishers;
  #prefix;
  #pauseMs;
  #isRunning = true;
  #writers;

  /**
   * `prefix`: of all tokens. `publishers`: addresses, of which one is drawn for each request. `pauseMs`: between requests of a writer.
   * @param {{ history: import("./history.mjs").History, random: import("./random.mjs").Random, publishers: string[], prefix: string,
   *   pauseMs: number }} options
   */
  constructor({ history, random, publishers, prefix, pauseMs }) {
    this.#history = history;
    this.#random = random;
    this.#publishers = publishers;
    this.#prefix = prefix;
    this.#pauseMs = pauseMs;
  }

  start() {
    const numbers = Array.from({ length: writersOfEach }, (_, number) => number);
    this.#writers = Promise.all(
      numbers.flatMap((number) => [
        this.#write(`notes-${number}`, note),
        this.#write(`moves-${number}`, moves),
        this.#write(`payments-${number}`, payment),
      ]),
    );
  }

  async stop() {
    this.#isRunning = false;
    await this.#writers;
  }

  /** `name`: the writer's, and the key of what it writes. */
  async #write(name, makeRequest) {
    const random = this.#random.fork(name);
    const key = `${this.#prefix}.${name}`;
    let sequence = 0;
    while (this.#isRunning) {
      const next = () => ({ token: `${key}.${++sequence}`, sequence });
      const { path, body, attempts } = makeRequest({ key, random, next });
      for (const attempt of attempts) this.#history.record({ event: "attempted", ...attempt });
      const isAccepted = await this.#post(random.pick(this.#publishers), path, body);
      const event = isAccepted ? "acknowledged" : "failed";
      for (const { token } of attempts) this.#history.record({ event, token });
      const pauseMs = isAccepted ? random.below(2 * this.#pauseMs) : afterFailureMs;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }

  async #post(publisher, path, body) {
    try {
      const response = await fetch(`${publisher}${path}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(requestTimeoutMs),
      });
      await response.arrayBuffer();
      return response.ok;
    } catch {
      return false;
    }
  }
}

function note({ random, next }) {
  const { token } = next();
  const body = { token, isPoison: random.isTrue(poisonShare), holdMs: random.below(longestHoldMs) };
  return { path: "/notes", body, attempts: [{ topic: "notes", token }] };
}

function moves({ key, random, next }) {
  const made = Array.from({ length: 1 + random.below(3) }, next);
  const messages = made.map(({ token }) => ({
    token,
    key,
    isPoison: random.isTrue(poisonShare),
    holdMs: random.below(longestHoldMs),
  }));
  const attempts = made.map(({ token, sequence }) => ({ topic: "moves", token, key, sequence }));
  return { path: "/moves", body: { messages }, attempts };
}

function payment({ key, random, next }) {
  const { token, sequence } = next();
  const rollsBack = random.isTrue(rollbackShare);
  const attempt = { topic: "payments", token, key, sequence, ...(rollsBack ? { rollsBack } : {}) };
  return { path: "/payments", body: { token, account: key, rollsBack }, attempts: [attempt] };
}
