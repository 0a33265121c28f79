// Where the cache clusters of a process are.

export interface CacheConfig {
  /** By the name they are declared under. */
  readonly clusters: Readonly<Record<string, CacheServer>>;
}

/** A Redis or Valkey server, or anything that speaks their protocol. */
export interface CacheServer {
  readonly host: string;
  readonly port: number;
  readonly username?: string;
  readonly password?: string;
  /** Number of the database on the server. Default: 0. */
  readonly database?: number;
  /** Before every key, so that clusters can share a server. Default: none. */
  readonly keyPrefix?: string;
  /** Absent: without TLS. */
  readonly tls?: {
    readonly ca?: string;
    /** PEM texts, shown to the server. */
    readonly cert?: string;
    readonly key?: string;
    readonly checkHostname?: boolean;
    readonly checkCertificate?: boolean;
  };
}
