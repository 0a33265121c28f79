// What the line `started` says of a process: a door that it does not have is not named.

export interface Doors {
  readonly services: readonly string[];
  readonly gateway: string | null;
  readonly internal: string | null;
}

export function startedFields({ services, gateway, internal }: Doors) {
  return {
    services,
    ...(gateway === null ? {} : { gateway }),
    ...(internal === null ? {} : { internal }),
  };
}
