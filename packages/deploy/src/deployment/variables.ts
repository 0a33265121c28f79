// Names of the environment variables with which a deployment hands out what is secret: the same whatever the target, so that what was set
// for one serves the next.

/** Role and database with the messages of topics that PostgreSQL keeps. */
export const messagesDatabase = "tenon_messages";

/** What units prove themselves to each other with. */
export const keyVariable = "TENON_KEY";

/** "order-items" -> "ORDER_ITEMS_PASSWORD": of the role of the same name as the database. */
export function passwordVariable(database: string): string {
  return `${constantCase(database)}_PASSWORD`;
}

/** "rate-limits" -> "RATE_LIMITS_CACHE_PASSWORD". */
export function cachePasswordVariable(cache: string): string {
  return `${constantCase(cache)}_CACHE_PASSWORD`;
}

function constantCase(name: string): string {
  return name.toUpperCase().replaceAll(/[^A-Z0-9]+/g, "_");
}
