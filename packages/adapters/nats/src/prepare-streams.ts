// Makes the streams of an app, or finds them as another process has made them. Refuses what could not keep an acknowledged message.
import {
  type JetStreamManager,
  type StreamConfig,
  StorageType,
  RetentionPolicy,
  DiscardPolicy,
} from "@nats-io/jetstream";
import { nanos } from "@nats-io/transport-node";
import { dedupWindowMs, EngineCannot, unseenMs } from "@tenon/runtime/engine";
import type { Link } from "./link.ts";

type NewStream = Partial<StreamConfig> & { readonly name: string };

/** Killed with kill -9, 2.9 loses messages beside erased ones and lets lanes stand still. */
const oldestServer = [2, 10];

/** Throws EngineCannot. `declared`: the topics, for its message. */
export async function prepareStreams(link: Link, replicas: number, declared: string): Promise<void> {
  const { names, manager, connection } = link;
  const version = connection.info?.version ?? "";
  if (isOlder(version)) {
    const why = `the server has version ${version}: those before 2.10 can lose messages and order when they are killed`;
    throw new EngineCannot("nats", declared, why);
  }
  const durable = {
    storage: StorageType.File,
    num_replicas: replicas,
    duplicate_window: nanos(dedupWindowMs),
    discard: DiscardPolicy.New,
  };
  const newest = { ...durable, retention: RetentionPolicy.Limits, max_msgs_per_subject: 1, discard: DiscardPolicy.Old };
  const streams: NewStream[] = [
    { ...durable, name: names.queueStream, subjects: [names.queueSubjects], retention: RetentionPolicy.Workqueue },
    { ...newest, name: names.heldStream, subjects: names.heldSubjects },
    { ...newest, name: names.metaStream, subjects: [names.metaSubjects] },
    { ...newest, name: names.seenStream, subjects: [names.seenSubjects], max_age: nanos(unseenMs) },
    { ...newest, name: names.idsStream, subjects: [names.idsSubjects], max_age: nanos(dedupWindowMs) },
  ];
  for (const stream of streams) await prepareStream(manager, stream, declared);
}

async function prepareStream(manager: JetStreamManager, stream: NewStream, declared: string): Promise<void> {
  const { config } = await manager.streams.info(stream.name).catch((error: { code?: number }) => {
    if (error.code !== streamNotFoundCode) throw error;
    // Another process may be quicker; the same stream twice is one.
    return manager.streams.add(stream);
  });
  if (config.storage === StorageType.Memory) {
    throw new EngineCannot("nats", declared, `its stream ${stream.name} is in memory; make it anew with file storage`);
  }
  if (config.retention !== stream.retention) {
    const lacking = `its stream ${stream.name} was made with retention "${config.retention}" instead of "${stream.retention}"`;
    throw new EngineCannot("nats", declared, lacking);
  }
}

const streamNotFoundCode = 10_059;

function isOlder(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major < oldestServer[0]! || (major === oldestServer[0] && minor < oldestServer[1]!);
}
