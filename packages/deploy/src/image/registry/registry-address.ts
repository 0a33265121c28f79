// Where a registry is spoken to: over https, but for those on this machine and those that the user called insecure.

/** Docker Hub is not served under the name it is known by. */
const dockerHubHost = "registry-1.docker.io";

export function registryAddress(registry: string, isInsecure: boolean): URL {
  const host = registry === "docker.io" ? dockerHubHost : registry;
  const { hostname } = new URL(`https://${host}`);
  return new URL(`${isInsecure || isLocal(hostname) ? "http" : "https"}://${host}`);
}

export function isLocal(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\./.test(hostname);
}
