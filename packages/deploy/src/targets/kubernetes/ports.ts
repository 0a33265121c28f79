// The ports of containers: the public door of the gateway, and the internal one that other processes, probes and metrics use.

export const PUBLIC_PORT = 8080;
export const INTERNAL_PORT = 8081;

/** Names of ports are what Services, probes and routes refer to. */
export const publicPort = { name: "public", containerPort: PUBLIC_PORT, protocol: "TCP" } as const;
export const internalPort = { name: "internal", containerPort: INTERNAL_PORT, protocol: "TCP" } as const;
