// Where the nsqd servers are, as infra.json says it, and what the app's topics and subscriptions are called there.

export interface NsqEngineConfig {
  /** "host:4150", several with commas between: messages go to any of them and are taken from all. */
  readonly hosts: string;
  /** Their HTTP addresses in the same order. Default: port 4151 of each. */
  readonly httpHosts?: string;
  /** By the app's names. What is not named here is not for this process. */
  readonly topics: Readonly<Record<string, NsqTopicConfig>>;
}

export interface NsqTopicConfig {
  readonly name: string;
  /** Channels of the topic, by the app's names of subscriptions. */
  readonly subscriptions: Readonly<Record<string, { readonly name: string }>>;
}

/** One nsqd. */
export interface Address {
  readonly host: string;
  readonly port: number;
  /** "http://host:port" */
  readonly httpUrl: string;
}

const tcpPort = 4150;
const httpPort = 4151;

/** Throws Error for what is no address. */
export function addressesOf({ hosts, httpHosts }: NsqEngineConfig): Address[] {
  const servers = hosts.split(",").map((text) => readAddress(text, tcpPort));
  const http = httpHosts?.split(",").map((text) => readAddress(text, httpPort));
  if (http !== undefined && http.length !== servers.length) {
    throw new Error(`http_hosts names ${http.length} servers and hosts ${servers.length}: each needs its own`);
  }
  return servers.map(({ host, port }, index) => {
    const at = http?.[index] ?? { host, port: httpPort };
    return { host: host.replace(/^\[(.*)\]$/, "$1"), port, httpUrl: `http://${at.host}:${at.port}` };
  });
}

/** "host", "host:port", "[::1]:port"; the brackets stay. */
function readAddress(text: string, defaultPort: number): { host: string; port: number } {
  const [, host, port] = /^(\[[^\]]+\]|[^\s:/]+)(?::(\d{1,5}))?$/.exec(text.trim()) ?? [];
  if (host === undefined) throw new Error(`"${text.trim()}" is no address of an nsqd: write host:port`);
  return { host, port: port === undefined ? defaultPort : Number(port) };
}
