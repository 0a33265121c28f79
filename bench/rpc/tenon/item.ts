// What the services of the chain hand to each other.
export interface Item {
  id: string;
  name: string;
  priceCents: number;
  tags: string[];
  hops: number;
}
