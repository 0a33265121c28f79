export interface User {
  id: string;
  name: string;
  role: import("./index").Role;
}

export type Page<Item> = { items: Item[]; next?: string };
