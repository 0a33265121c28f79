// The environment variable that gives one database its own address.

/** "order-items" is read from ORDER_ITEMS_DATABASE_URL. */
export function databaseVariable(database: string): string {
  return `${database.toUpperCase().replaceAll(/[^A-Z0-9]+/g, "_")}_DATABASE_URL`;
}

/** The database that holds the app's messages where no broker is named: its own, so that no service's role reaches it. */
export const messagesDatabase = "tenon_messages";
