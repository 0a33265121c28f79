// The two addresses of a database on the embedded server.
import type { DatabaseConfig } from "@tenon/runtime";

/** The embedded server listens on a socket and on 127.0.0.1; not every library can read a socket's folder from an address. */
export function withTcp(connectionString: string): DatabaseConfig {
  const url = new URL(connectionString);
  url.searchParams.delete("host");
  return { connectionString, tcpConnectionString: url.href };
}
