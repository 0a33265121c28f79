// Random values through PostgreSQL and back: what goes in comes out, and what PostgreSQL makes of it is what we say.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { ConnectionPool } from "./connection-pool.ts";
import { encodeParameters, type Primitive } from "./parameters.ts";
import { newDatabase, startTestServer, type TestServer } from "./server.test.support.ts";

let server: TestServer;
let pool: ConnectionPool;

before(async () => {
  server = await startTestServer();
  pool = new ConnectionPool("values", { connectionString: await newDatabase(server) });
});

after(async () => {
  await pool.close(1_000);
  await server.stop();
});

let seed = 20_261_122;
function random(below: number): number {
  seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
  return Math.floor((seed / 2_147_483_648) * below);
}

function pick<T>(...choices: T[]): T {
  return choices[random(choices.length)]!;
}

const letters = [
  "a",
  '"',
  "'",
  "\\",
  ",",
  "{",
  "}",
  " ",
  "\n",
  "\t",
  "é",
  "🎉",
  "NULL",
  "\u2028",
  "%",
  "$1",
  ";",
  "\u{10ffff}",
];
const randomText = (): string => Array.from({ length: random(8) }, () => pick(...letters)).join("");
const randomJson = (depth: number): unknown => {
  if (depth === 0) return pick<unknown>(null, true, randomText(), random(1000) / 8, -0.5, 1e300);
  if (random(2)) return Array.from({ length: random(3) }, () => randomJson(depth - 1));
  return Object.fromEntries(Array.from({ length: random(4) }, () => [randomText(), randomJson(depth - 1)]));
};

/** Each in the form in which it must come back. */
const generators: Record<string, () => Primitive> = {
  bool: () => pick(true, false),
  int4: () => random(2_147_483_648) - 1_073_741_824,
  int8: () => {
    const big = BigInt.asIntN(64, BigInt(random(2_147_483_648)) << BigInt(random(60)));
    return Number.isSafeInteger(Number(big)) ? Number(big) : big;
  },
  float8: () =>
    pick(random(1000) / 7, -1e-300 * (1 + random(9)), 1.7976931348623157e308, Number.NEGATIVE_INFINITY, Number.NaN),
  text: randomText,
  bytea: () => Buffer.from(Array.from({ length: random(20) }, () => random(256))),
  timestamptz: () => new Date((random(2_000_000_000) - 1_000_000_000) * 10 ** random(6) + random(1000)),
  timestamp: () => new Date((random(2_000_000_000) - 1_000_000_000) * 1000 + random(1000)),
  jsonb: () => ({ value: randomJson(3) }),
};

describe("round trips", () => {
  for (const [type, generate] of Object.entries(generators)) {
    it(`${type} and ${type}[]`, async () => {
      const values = Array.from({ length: 400 }, generate);
      const arrayType = type === "jsonb" ? "jsonb" : `${type}[]`;
      const rows = await Promise.all(
        values.map(async (value) => {
          const list: Primitive[] = [value, null, generate()];
          const text = `SELECT $1::${type} AS one, $2::${arrayType} AS many`;
          const { rows } = await pool.run({ text, values: encodeParameters([value, list], "values") });
          return { row: rows[0]!, list };
        }),
      );
      for (const [index, { row, list }] of rows.entries()) {
        assert.deepEqual(row["one"], values[index]);
        assert.deepEqual(row["many"], list);
      }
    });
  }
});
