import { api } from "encore.dev/api";

export const hello = api(
  {},
  async ({ name }: { name: string }): Promise<{ text: string }> => ({ text: `hello ${name}` }),
);

export const bye = api({}, async ({ name }: { name: string }): Promise<{ text: string }> => ({ text: `bye ${name}` }));
