// The outboxes of a process: one for each database of its services whose transactions messages leave or are taken in.
import { type Graph, needsOutbox } from "@tenon/model";
import { HostError } from "../../lifecycle/host-error.ts";
import type { DatabaseConfig } from "../../lifecycle/host-config.ts";
import type { CheckResult } from "../../lifecycle/hosted-services.ts";
import { log } from "../../log/log.ts";
import type { Broker } from "../broker.ts";
import { installOutbox, removeOutbox } from "./outboxes.ts";
import { Relay } from "./relay.ts";

export interface RunningOutboxes {
  /** How much waits, for `/__tenon/readyz`. A backlog is no reason to send no requests here: transactions go on. */
  readonly facts: () => CheckResult[];
  /** For a process that may be frozen now: sends on what its transactions have left. Never rejects. */
  handOver(): Promise<void>;
  /** Sends on what is there, for so long at most. */
  stop(timeoutMs: number): Promise<void>;
}

/**
 * A database that does not answer now is waited for by its relay. Throws HostError `outbox_unprepared` for one that has no tables and a role
 * that may not make them.
 */
export async function startOutboxes(
  graph: Graph,
  databases: Readonly<Record<string, DatabaseConfig>>,
  broker: Broker,
): Promise<RunningOutboxes> {
  const relays = relaysOf(graph, databases, broker);
  const stop = async (timeoutMs: number) => {
    for (const database of relays.keys()) removeOutbox(database);
    await Promise.all([...relays.values()].map((relay) => relay.stop(timeoutMs)));
  };
  try {
    await Promise.all([...relays].map(([database, relay]) => prepare(database, relay)));
  } catch (error) {
    await stop(0);
    throw error;
  }
  for (const [database, relay] of relays) {
    installOutbox(database, relay);
    relay.start();
  }
  const handOver = async () => {
    await Promise.all([...relays.values()].map((relay) => relay.handOver()));
  };
  return { stop, handOver, facts: () => [...relays].map(([database, relay]) => factOf(database, relay)) };
}

/** By database. */
export function relaysOf(
  graph: Graph,
  databases: Readonly<Record<string, DatabaseConfig>>,
  broker: Broker,
): Map<string, Relay> {
  const topics = (graph.topics ?? []).map(({ name }) => name);
  const relays = new Map<string, Relay>();
  for (const { name, service } of graph.databases) {
    const config = databases[name];
    if (config === undefined || !needsOutbox(graph, name)) continue;
    relays.set(name, new Relay({ database: name, service, config, broker, topics }));
  }
  return relays;
}

async function prepare(database: string, relay: Relay): Promise<void> {
  try {
    await relay.prepare();
  } catch (error) {
    if (error instanceof HostError) throw error;
    log.warn(error, `the outbox of ${database} cannot be prepared now; its messages wait for the database`);
  }
}

function factOf(database: string, relay: Relay): CheckResult {
  const { waiting, parked, oldestAgeMs } = relay.backlog;
  const age = oldestAgeMs === null ? "" : `, the oldest for ${Math.round(oldestAgeMs / 1_000)} s`;
  const aside = parked === 0 ? "" : `; ${parked} parked`;
  return { name: `outbox ${database}`, status: "ok", durationMs: 0, detail: `${waiting} waiting${age}${aside}` };
}
