// The calling side: as many calls as asked, several at a time, to the end of the chain or through all of it.
import { api } from "tenon/api";
import { s1, s5 } from "~tenon/clients";

interface DriveRequest {
  service: "s1" | "s5";
  calls: number;
  concurrency: number;
}

export const drive = api(
  { method: "POST", path: "/drive", expose: true },
  async ({ service, calls, concurrency }: DriveRequest): Promise<{ made: number }> => {
    const hops = service === "s1" ? 5 : 1;
    let started = 0;
    let made = 0;
    const work = async () => {
      while (started < calls) {
        started++;
        const item = service === "s1" ? await s1.get({ id: "notebook" }) : await s5.get({ id: "notebook" });
        if (item.hops === hops) made++;
      }
    };
    await Promise.all(Array.from({ length: concurrency }, work));
    return { made };
  },
);
