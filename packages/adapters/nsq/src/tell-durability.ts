// What nsqd may lose, told once at the start: its protocol does not say when a message is on a disk, and no setting makes it keep what is under
// way through a crash.
import { log } from "@tenon/runtime/engine";
import type { Address } from "./config.ts";
import { readOption } from "./nsqd-http.ts";

const always =
  "nsqd has what is under way, put off or waiting for its next attempt in its memory: it writes that down when it is told to stop, and loses it when it is killed";

export async function tellDurability(address: Address): Promise<void> {
  log.warn(`messages in NSQ at ${address.host}:${address.port}: ${always}. ${await ofWaiting(address)}`);
}

async function ofWaiting(address: Address): Promise<string> {
  try {
    const [inMemory, syncEvery] = await Promise.all([
      readOption(address, "mem_queue_size"),
      readOption(address, "sync_every"),
    ]);
    if (inMemory > 0) {
      return `Up to ${inMemory} messages of each queue that wait are in its memory, too: start it with --mem-queue-size=0`;
    }
    if (syncEvery > 1) {
      return "Messages that wait are in its files, the last ones not yet on the disk when the machine fails: start it with --sync-every=1";
    }
    return "Messages that wait are on its disk";
  } catch (error) {
    return `Whether those that wait are on its disk is not known: ${(error as Error).message}. Start it with --mem-queue-size=0 --sync-every=1`;
  }
}
