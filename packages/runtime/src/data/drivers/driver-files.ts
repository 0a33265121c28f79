// Which files of installed packages the tracing of drivers takes hold of, and how.
import { keepCallsInPgPool, tracePgClient } from "./trace-pg-client.ts";
import { tracePostgresConnection, tracePostgresQuery } from "./trace-postgres-query.ts";

/** By the end of their path; with either kind of slash, and whichever copy of the package it is. */
const pgFile = /[\\/]node_modules[\\/](pg[\\/]lib[\\/]client|pg-pool[\\/]index)\.js$/;
const postgresFile = /[\\/]node_modules[\\/]postgres[\\/](?:cjs[\\/])?src[\\/](query|connection)\.js$/;

/** A CommonJS file has run: what it exports is changed in place. */
export function traceExports(file: string, exported: unknown): void {
  const which = pgFile.exec(file)?.[1];
  if (which === undefined) return;
  if (which.startsWith("pg-pool")) keepCallsInPgPool(exported);
  else tracePgClient(exported);
}

const hooksKey = "tenon.driver-hooks";

/**
 * The text of a file of postgres.js with our functions called from it: it keeps its classes to itself. Must use nothing outside of it
 * but its parameters, because on Node 20 it is sent, as text, to the thread that loads modules.
 */
function traceText(file: string, text: string, key: string): string {
  const hooks = `globalThis[Symbol.for(${JSON.stringify(key)})]`;
  if (/query\.js$/.test(file)) return `${text}\n${hooks}.query(Query);\n`;
  const exported = /^(export default|module\.exports =) Connection$/m;
  return text.replace(exported, (_, place: string) => `${place} ${hooks}.connection(Connection)`);
}

/** `file`: its path or URL. The text as it is for files that are nobody's business. */
export function withHooks(file: string, text: string): string {
  return postgresFile.test(file) ? traceText(file, text, hooksKey) : text;
}

export function hasHooks(file: string): boolean {
  return postgresFile.test(file);
}

/** A module for the thread that loads modules on Node 20. */
export function loaderModule(): string {
  return `
const traceText = ${String(traceText)};
export async function load(url, context, next) {
  const loaded = await next(url, context);
  if (loaded.format !== "module" || !${String(postgresFile)}.test(url)) return loaded;
  const text = typeof loaded.source === "string" ? loaded.source : new TextDecoder().decode(loaded.source);
  return { ...loaded, source: traceText(url, text, ${JSON.stringify(hooksKey)}) };
}
`;
}

/** Where the changed texts find our functions: they are other modules than ours, and may not import from here. */
export function installHooks(): void {
  const hooks = { query: tracePostgresQuery, connection: tracePostgresConnection };
  Object.defineProperty(globalThis, Symbol.for(hooksKey), { value: hooks, configurable: true });
}
