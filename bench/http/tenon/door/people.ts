// A list of 260 records, 50 KB of JSON, checked and projected on its way out.
import { api } from "tenon/api";
import { people } from "../../people.mjs";

interface Person {
  id: number;
  name: string;
  email: string;
  active: boolean;
  balanceCents: number;
  tags: string[];
  address: { street: string; city: string; zip: string };
}

export const list = api({ method: "GET", path: "/people", expose: true }, (): { people: Person[] } => ({ people }));
