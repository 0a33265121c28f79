// What a database consists of, a line for each thing, so that two moments can be compared: changes made by hand show as lines that came
// and went. Left out: what extensions brought, partitions (programs make them as they go), rights, and Tenon's own tables.
import type pg from "pg";

const isOurs = (relation: string): string => `(n.nspname !~ '^(pg_|tenon_)' AND n.nspname <> 'information_schema'
  AND ${relation} NOT LIKE 'tenon\\_migrations%')`;
const notOfExtension = (catalogue: string, oid: string): string =>
  `NOT EXISTS (SELECT 1 FROM pg_depend e WHERE e.classid = '${catalogue}'::regclass AND e.objid = ${oid} AND e.deptype = 'e')`;
const tables = `pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace`;
const tableFilter = `NOT c.relispartition AND ${isOurs("c.relname")} AND ${notOfExtension("pg_class", "c.oid")}`;
const tableName = "quote_ident(n.nspname) || '.' || quote_ident(c.relname)";

const lines = `
SELECT 'table ' || ${tableName} AS line FROM ${tables} WHERE c.relkind IN ('r', 'p', 'f') AND ${tableFilter}
UNION ALL
SELECT 'column ' || ${tableName} || '.' || quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod)
    || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
    || CASE WHEN a.attidentity <> '' THEN ' identity' ELSE coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '') END
  FROM ${tables} JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
  WHERE c.relkind IN ('r', 'p', 'f') AND ${tableFilter}
UNION ALL
SELECT 'index ' || pg_get_indexdef(i.indexrelid) FROM ${tables} JOIN pg_index i ON i.indrelid = c.oid WHERE ${tableFilter}
UNION ALL
SELECT 'constraint ' || ${tableName} || ' ' || quote_ident(k.conname) || ' ' || pg_get_constraintdef(k.oid)
  FROM ${tables} JOIN pg_constraint k ON k.conrelid = c.oid WHERE k.contype <> 'n' AND ${tableFilter}
UNION ALL
SELECT 'trigger ' || pg_get_triggerdef(t.oid) FROM ${tables} JOIN pg_trigger t ON t.tgrelid = c.oid
  WHERE NOT t.tgisinternal AND ${tableFilter}
UNION ALL
SELECT 'view ' || ${tableName} || ' ' || md5(pg_get_viewdef(c.oid)) FROM ${tables} WHERE c.relkind IN ('v', 'm') AND ${tableFilter}
UNION ALL
SELECT 'sequence ' || ${tableName} FROM ${tables} WHERE c.relkind = 'S' AND ${tableFilter}
UNION ALL
SELECT 'function ' || quote_ident(n.nspname) || '.' || quote_ident(p.proname) || '(' || pg_get_function_identity_arguments(p.oid) || ') '
    || md5(p.prosrc || coalesce(p.prosqlbody::text, ''))
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
  WHERE ${isOurs("p.proname")} AND ${notOfExtension("pg_proc", "p.oid")}
UNION ALL
SELECT 'type ' || quote_ident(n.nspname) || '.' || quote_ident(t.typname) || ' '
    || coalesce((SELECT string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid),
      format_type(t.typbasetype, t.typtypmod), '')
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
  WHERE t.typtype IN ('e', 'd') AND ${isOurs("t.typname")} AND ${notOfExtension("pg_type", "t.oid")}
ORDER BY 1`;

export async function describeSchema(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ line: string }>(lines);
  return rows.map(({ line }) => line);
}

/** "+ column ..." for what came, "- ..." for what went. */
export function compareSchemas(before: readonly string[], after: readonly string[]): string[] {
  const [old, current] = [new Set(before), new Set(after)];
  return [
    ...before.filter((line) => !current.has(line)).map((line) => `- ${line}`),
    ...after.filter((line) => !old.has(line)).map((line) => `+ ${line}`),
  ];
}
