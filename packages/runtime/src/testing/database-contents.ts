// All rows of a database, taken out as text and put back: how tests get back what the migrations made while connections stay open.
import pg from "pg";

interface TableContents {
  /** Quoted, with its schema. */
  readonly table: string;
  /** Quoted names of what can be written to. */
  readonly columns: readonly string[];
  /** A JSON list of rows. */
  readonly rows: string;
}

interface SequenceState {
  /** Quoted, with its schema. */
  readonly sequence: string;
  readonly value: string;
  readonly isCalled: boolean;
}

export interface Contents {
  readonly tables: readonly TableContents[];
  readonly sequences: readonly SequenceState[];
}

const ownSchemas = "n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_%'";

export async function readContents(client: pg.Client): Promise<Contents> {
  const { rows: found } = await client.query<{ table: string; columns: string[] }>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS table,
       ARRAY(SELECT quote_ident(attname) FROM pg_attribute a
             WHERE a.attrelid = c.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum)::text[] AS columns
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND ${ownSchemas} ORDER BY 1`,
  );
  const tables: TableContents[] = [];
  for (const { table, columns } of found) {
    const { rows } = await client.query<{ rows: string }>(
      `SELECT coalesce(json_agg(t), '[]')::text AS rows FROM ${table} t`,
    );
    tables.push({ table, columns, rows: rows[0]!.rows });
  }
  const { rows: sequences } = await client.query<{ sequence: string }>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS sequence
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'S' AND ${ownSchemas}`,
  );
  const states: SequenceState[] = [];
  for (const { sequence } of sequences) {
    const { rows } = await client.query<Omit<SequenceState, "sequence">>(
      `SELECT last_value::text AS value, is_called AS "isCalled" FROM ${sequence}`,
    );
    states.push({ sequence, ...rows[0]! });
  }
  return { tables, sequences: states };
}

/** Replaces all rows of these tables, in one transaction. */
export async function writeContents(client: pg.Client, { tables, sequences }: Contents): Promise<void> {
  await client.query("BEGIN");
  // Rows come in order of table, not of their references; triggers have done their work when the rows were made.
  await client.query("SET LOCAL session_replication_role = replica");
  if (tables.length > 0) await client.query(`TRUNCATE ${tables.map(({ table }) => table).join(", ")} CASCADE`);
  for (const { table, columns, rows } of tables) {
    if (rows === "[]" || columns.length === 0) continue;
    const names = columns.join(", ");
    await client.query(
      `INSERT INTO ${table} (${names}) OVERRIDING SYSTEM VALUE
       SELECT ${names} FROM json_populate_recordset(NULL::${table}, $1)`,
      [rows],
    );
  }
  for (const { sequence, value, isCalled } of sequences) {
    await client.query(`SELECT setval(${pg.escapeLiteral(sequence)}, $1, $2)`, [value, isCalled]);
  }
  await client.query("COMMIT");
}
