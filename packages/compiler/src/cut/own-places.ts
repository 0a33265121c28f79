// Where in the sources things stand, kept in a unit's graph only for what stands in the folders of its own services: lines move with every
// edit above them, and an edit elsewhere must not show.
import type { Location, Service } from "@tenon/model";

export interface Places {
  of<Item extends { readonly location: Location }>(items: readonly Item[]): Item[];
}

const elsewhere: Location = { file: "", line: 0, column: 0 };

export function createPlaces(services: readonly Service[], isHosted: (service: string) => boolean): Places {
  // A folder may lie in another service's: the nearest counts.
  const byDepth = services.toSorted((a, b) => b.directory.length - a.directory.length);
  const isOwn = ({ file }: Location) => {
    const home = byDepth.find(({ directory }) => directory === "." || file.startsWith(`${directory}/`));
    return home !== undefined && isHosted(home.name);
  };
  return { of: (items) => items.map((item) => (isOwn(item.location) ? item : { ...item, location: elsewhere })) };
}
