// Names of tables and columns as SQL reads them to the letter.

export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** "orders", or "audit.orders": a schema may stand before it. */
export function quoteTable(name: string): string {
  const dot = name.indexOf(".");
  if (dot < 0) return quoteIdentifier(name);
  return `${quoteIdentifier(name.slice(0, dot))}.${quoteIdentifier(name.slice(dot + 1))}`;
}
