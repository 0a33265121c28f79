// Clients of other services as values: passed, taken apart, chosen at run time.
import { api } from "encore.dev/api";
import * as clients from "~encore/clients";
import { greetPeople } from "~encore/clients";
import { greetWith, type Greeter } from "./greet-with";

const held: Greeter = greetPeople.ref();

const { hello } = greetPeople;

type Said = { said: string[] };

export const passed = api({ expose: true, method: "GET", path: "/caller/passed" }, async (): Promise<Said> => {
  return { said: [await greetWith(held, "ref"), await greetWith(greetPeople, "value")] };
});

export const destructured = api(
  { expose: true, method: "GET", path: "/caller/destructured" },
  async (): Promise<Said> => {
    return { said: [(await hello({ name: "part" })).text] };
  },
);

export const chosen = api(
  { expose: true, method: "GET", path: "/caller/chosen/:method" },
  async ({ method }: { method: "hello" | "bye" }): Promise<Said> => {
    const { text } = await greetPeople[method]({ name: "chosen" });
    return { said: [text] };
  },
);

export const anyOfThem = api({ expose: true, method: "GET", path: "/caller/any" }, async (): Promise<Said> => {
  const name = ["greet", "People"].join("") as "greetPeople";
  // biome-ignore lint/performance/noDynamicNamespaceImportAccess: the form that is tested
  const { text } = await clients[name].hello({ name: "any" });
  const loaded = await import("~encore/clients");
  const later = await loaded.greetPeople.bye({ name: "later" });
  return { said: [text, later.text] };
});

export const rows = api({ expose: true, method: "GET", path: "/caller/rows" }, async (): Promise<Said> => {
  const [row] = (await greetPeople.rows()).rows;
  return { said: [JSON.stringify(row)] };
});
