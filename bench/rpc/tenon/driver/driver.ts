// The calling side: as many calls as asked, several at a time, to the end of the chain or through all of it.
import { api } from "tenon/api";
import { s1, s5 } from "~tenon/clients";

interface DriveRequest {
  service: "s1" | "s5";
  calls: number;
  concurrency: number;
  /** Milliseconds to rest after every 200 calls; 0: none. */
  restMs: number;
}

declare function setTimeout(callback: () => void, delayMs: number): unknown;
const callsBetweenRests = 200;

export const drive = api(
  { method: "POST", path: "/drive", expose: true },
  async ({ service, calls, concurrency, restMs }: DriveRequest): Promise<{ made: number }> => {
    const hops = service === "s1" ? 5 : 1;
    let started = 0;
    let made = 0;
    const work = async () => {
      while (started < calls) {
        started++;
        if (restMs > 0 && started % callsBetweenRests === 0)
          await new Promise<void>((resolve) => setTimeout(resolve, restMs));
        const item = service === "s1" ? await s1.get({ id: "notebook" }) : await s5.get({ id: "notebook" });
        if (item.hops === hops) made++;
      }
    };
    await Promise.all(Array.from({ length: concurrency }, work));
    return { made };
  },
);
