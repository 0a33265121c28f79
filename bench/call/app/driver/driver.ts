// The calling side: makes as many calls as asked, one after another or several at a time.
import { api } from "tenon/api";
import { items } from "~tenon/clients";

interface DriveRequest {
  calls: number;
  concurrency: number;
}

export const drive = api(
  { method: "POST", path: "/drive", expose: true },
  async ({ calls, concurrency }: DriveRequest): Promise<{ made: number }> => {
    let started = 0;
    let made = 0;
    const work = async () => {
      while (started < calls) {
        started++;
        const item = await items.get({ id: "notebook" });
        if (item.name === "Notebook") made++;
      }
    };
    await Promise.all(Array.from({ length: concurrency }, work));
    return { made };
  },
);
