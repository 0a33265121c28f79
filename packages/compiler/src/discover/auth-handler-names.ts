// Gives every auth handler of the app a name of its own: that of its variable, else "auth"; where several share one, their service's
// name in front, then a number.
import type { Found, FoundService } from "./discover.ts";

type Handler = Found<"resource">["declaration"];

export function authHandlerNames(services: readonly FoundService[]): ReadonlyMap<Handler, string> {
  const found = services.flatMap((service) =>
    service.resources
      .filter(({ declaration }) => declaration.type === "auth-handler")
      .map(({ declaration }) => ({ declaration, service: service.name, own: ownName(declaration) })),
  );
  const taken = new Set<string>();
  return new Map(
    found.map(({ declaration, service, own }) => {
      const isShared = found.filter((other) => other.own === own).length > 1;
      const wanted = isShared ? `${service}.${own}` : own;
      let name = wanted;
      for (let count = 2; taken.has(name); count++) name = `${wanted}_${count}`;
      taken.add(name);
      return [declaration, name];
    }),
  );
}

function ownName({ binding }: Handler): string {
  const name = binding?.name;
  return name === undefined || name === "" ? "auth" : name;
}
