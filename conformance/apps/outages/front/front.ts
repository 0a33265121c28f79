// The public side: every call has three seconds, so whatever becomes of the database an answer is there by then.
import { api } from "tenon/api";
import { clock, mail, notes } from "~tenon/clients";

const timeoutMs = 3_000;

export const add = api(
  { method: "POST", path: "/notes", expose: true },
  async ({ id, text }: { id: number; text: string }): Promise<void> => notes.add({ id, text }, { timeoutMs }),
);

export const state = api(
  { method: "GET", path: "/state", expose: true },
  async (): Promise<{ stored: number[]; handled: number[]; ticks: number }> => ({
    stored: (await notes.all({ timeoutMs })).ids,
    handled: (await mail.all({ timeoutMs })).ids,
    ticks: (await clock.count({ timeoutMs })).ticks,
  }),
);
