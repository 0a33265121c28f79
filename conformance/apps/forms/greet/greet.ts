import { api } from "encore.dev/api";

export const hello = api(
  {},
  async ({ name }: { name: string }): Promise<{ text: string }> => ({ text: `hello ${name}` }),
);

export const bye = api({}, async ({ name }: { name: string }): Promise<{ text: string }> => ({ text: `bye ${name}` }));

interface Row {
  id: string;
  created_at: string;
  note?: string;
}

/** As a driver gives them, whatever the type says. */
const rowsOfDatabase: unknown = [{ id: 1, created_at: new Date(0), note: null, password: "hidden" }];

export const rows = api(
  { method: "GET", path: "/greet/rows", expose: true },
  async (): Promise<{ rows: Row[] }> => ({ rows: rowsOfDatabase as Row[] }),
);
