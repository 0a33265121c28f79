// Binds a server to a TCP address or a unix socket, and says where it can be reached then.
import { chmodSync, existsSync, rmSync } from "node:fs";
import { connect, type Server } from "node:net";
import type { SocketAddress } from "../lifecycle/host-config.ts";
import { HostError } from "../lifecycle/host-error.ts";
import { log } from "../log/log.ts";

/** What fits into `sockaddr_un` on every system. */
const MAX_SOCKET_PATH_BYTES = 103;

/** Throws HostError `address_in_use`, `address_unusable`. */
export async function openAddress(server: Server, address: SocketAddress): Promise<void> {
  if ("socketPath" in address) {
    // Longer ones are silently cut short by libuv on Node 20.
    if (Buffer.byteLength(address.socketPath) > MAX_SOCKET_PATH_BYTES) {
      const reason = `a socket path must be at most ${MAX_SOCKET_PATH_BYTES} bytes long`;
      throw new HostError("address_unusable", { address: address.socketPath, reason });
    }
    await removeStaleSocket(address.socketPath);
  }
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(openError(address, error)));
    if ("fd" in address) server.listen({ fd: address.fd }, resolve);
    else if ("socketPath" in address) server.listen(address.socketPath, resolve);
    else server.listen(address.port, address.host, resolve);
  });
  server.removeAllListeners("error");
  server.on("error", (error) => log.error(error, "the HTTP server failed"));
  if ("socketPath" in address) chmodSync(address.socketPath, address.mode ?? 0o600);
}

/** A socket file outlives a killed process; one that still answers belongs to somebody. */
async function removeStaleSocket(socketPath: string): Promise<void> {
  if (!existsSync(socketPath)) return;
  const isStale = await new Promise<boolean>((resolve) => {
    const socket = connect(socketPath);
    socket.once("connect", () => {
      socket.destroy();
      resolve(false);
    });
    socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code === "ECONNREFUSED"));
  });
  if (isStale) rmSync(socketPath, { force: true });
}

function openError(address: SocketAddress, error: NodeJS.ErrnoException): HostError {
  const text = textOf(address);
  if (error.code === "EADDRINUSE") return new HostError("address_in_use", { address: text }, error);
  return new HostError("address_unusable", { address: text, reason: error.message }, error);
}

function textOf(address: SocketAddress): string {
  if ("fd" in address) return `file descriptor ${address.fd}`;
  return "socketPath" in address ? address.socketPath : `${address.host}:${address.port}`;
}

/** "http://127.0.0.1:4000", "https://127.0.0.1:4000" or "unix:/path.sock". */
export function addressOf(server: Server, address: SocketAddress): string {
  if ("socketPath" in address) return `unix:${address.socketPath}`;
  const bound = server.address();
  if (typeof bound === "string") return `unix:${bound}`;
  const port = bound?.port ?? ("port" in address ? address.port : 0);
  const named = "host" in address ? address.host : (bound?.address ?? "0.0.0.0");
  const host = named === "0.0.0.0" || named === "::" ? "127.0.0.1" : named;
  const scheme = "tls" in address && address.tls !== undefined ? "https" : "http";
  return `${scheme}://${host.includes(":") ? `[${host}]` : host}:${port}`;
}
