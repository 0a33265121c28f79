// Arrays of types that a database defines itself (enums, domains, ranges, types of extensions): only its catalogue knows which numbers they
// have. Read once for each pool, and again when a result has a type that was not there then.
import type pg from "pg";
import { arrayDecoderFor, type Decode, decoderFor } from "./column-types.ts";
import type { Row } from "./statement.ts";

/** PostgreSQL's own types have smaller numbers, and are all known. */
const firstOfUsers = 16_384;

/** Without those of rows: every table has one, and it has no form but text. */
const arrays = `SELECT a.oid::int4 AS oid, 
    (CASE e.typtype WHEN 'd' THEN e.typbasetype ELSE e.oid END)::int4 AS element FROM pg_type a JOIN pg_type e ON e.oid = a.typelem
  WHERE a.typcategory = 'A' AND a.oid >= ${firstOfUsers} AND e.typtype <> 'c' AND e.typdelim = ','`;

type Fields = readonly { readonly name: string; readonly dataTypeID: number }[];

export class UserArrays {
  readonly #decoders = new Map<number, Decode>();
  /** Types that are no arrays, too. */
  readonly #seen = new Set<number>();
  #isLoaded = false;

  decoderFor(oid: number): Decode {
    return this.#decoders.get(oid) ?? decoderFor(oid);
  }

  async loadOnce(client: pg.Client): Promise<void> {
    if (this.#isLoaded) return;
    this.#isLoaded = true;
    await this.#load(client);
  }

  /** Values that came as text because their type was new; changes the rows. */
  async decodeNew(fields: Fields, rows: Row[], client: pg.Client): Promise<void> {
    const unseen = fields.filter(({ dataTypeID: oid }) => oid >= firstOfUsers && !this.#seen.has(oid));
    if (unseen.length === 0) return;
    for (const { dataTypeID: oid } of unseen) this.#seen.add(oid);
    const before = new Set(this.#decoders.keys());
    // What the statement did stands, whatever becomes of this question.
    await this.#load(client).catch(() => {});
    for (const { name, dataTypeID: oid } of unseen) {
      const decode = before.has(oid) ? undefined : this.#decoders.get(oid);
      if (decode === undefined) continue;
      for (const row of rows) if (typeof row[name] === "string") row[name] = decode(row[name]);
    }
  }

  async #load(client: pg.Client): Promise<void> {
    const { rows } = await client.query<{ oid: number; element: number }>(arrays);
    for (const { oid, element } of rows) this.#decoders.set(oid, arrayDecoderFor(decoderFor(element)));
  }
}
