// Sockets that systemd listens on and hands to a process (sd_listen_fds(3)): descriptors from 3 on, with their names. They stay open when
// the process ends, so that connections wait for the next one, and two processes may have the same, so that none has to wait.

const FIRST_DESCRIPTOR = 3;

/** Name -> descriptor, of those that were handed to the process with this id. */
export function inheritedSockets(
  environment: Readonly<Record<string, string | undefined>>,
  ownerPid: number,
): ReadonlyMap<string, number> {
  const count = Number(environment["LISTEN_FDS"] ?? 0);
  if (environment["LISTEN_PID"] !== String(ownerPid) || !Number.isSafeInteger(count)) return new Map();
  const names = (environment["LISTEN_FDNAMES"] ?? "").split(":");
  return new Map(Array.from({ length: count }, (_, index) => [names[index] ?? "", FIRST_DESCRIPTOR + index]));
}
