// The records of the large answer: the same objects in every peer. Plain data, without anything that an answer must not have.
const cities = ["Lisbon", "Oslo", "Kyoto", "Quito", "Perth"];

/** @type {{ id: number, name: string, email: string, active: boolean, balanceCents: number, tags: string[], address: { street: string, city: string, zip: string } }[]} */
export const people = Array.from({ length: 260 }, (_, index) => ({
  id: index + 1,
  name: `Person number ${index + 1}`,
  email: `person.${index + 1}@example.com`,
  active: index % 3 !== 0,
  balanceCents: (index * 7919) % 100_000,
  tags: ["reader", index % 2 === 0 ? "even" : "odd"],
  address: { street: `${index + 1} Long Street`, city: cities[index % cities.length], zip: String(10_000 + index) },
}));
