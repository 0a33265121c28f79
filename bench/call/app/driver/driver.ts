// The calling side: makes as many calls as asked, one after another or several at a time.
import { api } from "tenon/api";
import { items } from "~tenon/clients";

interface DriveRequest {
  calls: number;
  concurrency: number;
  /**
   * How long to rest after every 200 calls. Calls within a process never wait for anything: without a rest their spans would come faster
   * than anybody takes them.
   */
  restMs?: number;
}

declare function setTimeout(callback: () => void, delayMs: number): unknown;
const callsBetweenRests = 200;

export const drive = api(
  { method: "POST", path: "/drive", expose: true },
  async ({ calls, concurrency, restMs }: DriveRequest): Promise<{ made: number }> => {
    let started = 0;
    let made = 0;
    let rest: Promise<void> | undefined;
    const work = async () => {
      while (started < calls) {
        started++;
        if (restMs !== undefined && started % callsBetweenRests === 0)
          rest = new Promise((resolve) => setTimeout(resolve, restMs));
        if (rest !== undefined) {
          await rest;
          rest = undefined;
        }
        const item = await items.get({ id: "notebook" });
        if (item.name === "Notebook") made++;
      }
    };
    await Promise.all(Array.from({ length: concurrency }, work));
    return { made };
  },
);
