// The public side: everything it does is a call to the ledger.
import { api } from "tenon/api";
import { ledger } from "~tenon/clients";

export const add = api(
  { method: "POST", path: "/entries", expose: true },
  async ({ n }: { n: number }): Promise<{ n: number; pid: number }> => {
    await ledger.add({ n });
    return { n, pid: process.pid };
  },
);

export const all = api({ method: "GET", path: "/entries", expose: true }, async () => ledger.all());
