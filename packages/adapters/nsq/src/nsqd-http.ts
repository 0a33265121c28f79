// What an nsqd tells over HTTP and nowhere else: how much waits in its queues, and how it was started.
import type { Address } from "./config.ts";

export interface Counts {
  /** In the topic, not yet given to its channels. */
  readonly inTopic: number;
  /** By channel: waiting, being handled, or put off. */
  readonly channels: ReadonlyMap<string, number>;
}

interface Stats {
  /** null: none, as Go writes it. */
  readonly topics:
    | readonly {
        readonly topic_name: string;
        readonly depth: number;
        readonly channels:
          | readonly {
              readonly channel_name: string;
              readonly depth: number;
              readonly in_flight_count: number;
              readonly deferred_count: number;
            }[]
          | null;
      }[]
    | null;
}

const statsTimeoutMs = 10_000;
/** Somebody waits for a start, or to publish. */
const optionTimeoutMs = 3_000;

/** undefined: there is no such topic. Throws Error when the server does not tell. */
export async function readCounts(address: Address, topic: string): Promise<Counts | undefined> {
  const query = new URLSearchParams({ format: "json", topic, include_clients: "false", include_mem: "false" });
  const { topics } = (await get(address, `/stats?${query}`, statsTimeoutMs)) as Stats;
  const found = topics?.find((one) => one.topic_name === topic);
  if (found === undefined) return undefined;
  const counts = (found.channels ?? []).map(
    ({ channel_name, depth, in_flight_count, deferred_count }) =>
      [channel_name, depth + in_flight_count + deferred_count] as const,
  );
  return { inTopic: found.depth, channels: new Map(counts) };
}

/** An option of its command line, "mem_queue_size". Throws Error when the server does not tell. */
export async function readOption(address: Address, name: string): Promise<number> {
  return Number(await get(address, `/config/${name}`, optionTimeoutMs));
}

async function get({ httpUrl }: Address, path: string, timeoutMs: number): Promise<unknown> {
  try {
    const answer = await fetch(`${httpUrl}${path}`, { signal: AbortSignal.timeout(timeoutMs) });
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    return await answer.json();
  } catch (error) {
    const { message, cause } = error as Error;
    const reason = cause instanceof Error && cause.message !== "" ? cause.message : message;
    const hint = 'name its HTTP address in "http_hosts" of infra.json where it is another one';
    throw new Error(`nsqd does not answer at ${httpUrl}${path} (${reason}); ${hint}`, { cause: error });
  }
}
