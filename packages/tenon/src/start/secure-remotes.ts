// Services that are reached by https: calls between processes speak plain HTTP on connections of their own making, so a relay in this process takes
// them on a unix socket that only this user can open, and sends them on with TLS. What platforms ask for beside that (an identity token) is added
// there. One hop more, for those addresses alone.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { googleIdentityToken } from "@tenon/runtime/cloud";
import { openRelay } from "./secure-relay.ts";

export interface SecureOptions {
  /** Services that Google asks for the caller's identity token. */
  readonly identityTokens: ReadonlySet<string>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Of the authority that certificates lead to; absent: those that Node knows. */
  readonly ca?: string;
}

/** Service -> address, with those that begin with https:// replaced by relays. */
export async function secureRemotes(
  remotes: Readonly<Record<string, string>>,
  { identityTokens, environment, ca }: SecureOptions,
): Promise<Record<string, string>> {
  const secure = [...new Set(Object.values(remotes).filter((address) => address.startsWith("https://")))];
  if (secure.length === 0) return { ...remotes };
  const folder = mkdtempSync(join(tmpdir(), "tenon-remotes-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const relays = new Map<string, string>();
  for (const [index, address] of secure.entries()) {
    const asks = Object.keys(remotes).some((service) => remotes[service] === address && identityTokens.has(service));
    const token = asks ? googleIdentityToken(environment, address) : undefined;
    const socketPath = join(folder, `${index}.sock`);
    await openRelay({ socketPath, address, ...(ca && { ca }), ...(token && { token }) });
    relays.set(address, `unix:${socketPath}`);
  }
  return Object.fromEntries(Object.entries(remotes).map(([name, address]) => [name, relays.get(address) ?? address]));
}
