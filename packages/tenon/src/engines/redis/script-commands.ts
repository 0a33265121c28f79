// The scripts that Tenon's runtime sends, known by their hash: the same steps as their Lua, in one go as there. Others are refused.
import { acquireLock, type CacheScript, extendLock, releaseLock, takeFromBudget } from "@tenon/runtime";
import { type CommandContext, CommandError, type Commands, integerOf, textAt } from "./command-context.ts";
import type { Reply } from "./resp.ts";

type Script = (context: CommandContext, keys: string[], args: string[]) => Reply;

const fenceLifeMs = 86_400_000;

const scripts: ReadonlyMap<string, Script> = new Map<string, Script>([
  [
    acquireLock.sha,
    ({ entries, now }, [lock, fence], [holder, ttl]) => {
      if (entries.has(lock!)) return null;
      entries.set(lock!, holder!);
      entries.setExpiry(lock!, now() + integerOf(ttl!));
      const last = Number(entries.get(fence!) ?? 0);
      const token = String(Math.max(Math.floor(now() * 1000), last + 1));
      entries.set(fence!, token);
      entries.setExpiry(fence!, now() + fenceLifeMs);
      return token;
    },
  ],
  [
    extendLock.sha,
    (context, [lock], [holder, ttl]) => {
      if (textAt(context, lock!) !== holder) return 0;
      return context.entries.setExpiry(lock!, context.now() + integerOf(ttl!)) ? 1 : 0;
    },
  ],
  [
    releaseLock.sha,
    (context, [lock], [holder]) => {
      if (textAt(context, lock!) !== holder) return 0;
      return context.entries.delete(lock!) ? 1 : 0;
    },
  ],
  [takeFromBudget.sha, takeBudget],
]);

function takeBudget(context: CommandContext, [key]: string[], args: string[]): Reply {
  const [limit, windowMs, cost] = args.map(Number) as [number, number, number];
  const now = context.now();
  const each = windowMs / limit;
  const fullAt = Math.max(Number(textAt(context, key!) ?? 0), now);
  const next = fullAt + each * cost;
  const waitMs = next - windowMs - now;
  const left = (until: number) => Math.floor((windowMs - (until - now)) / each + 0.001);
  if (waitMs > 0.001) return [0, left(fullAt), Math.ceil(waitMs), Math.ceil(fullAt - now)];
  if (cost > 0) {
    context.entries.set(key!, next.toFixed(3));
    context.entries.setExpiry(key!, now + Math.max(1, Math.ceil(next - now)));
  }
  return [1, left(next), 0, Math.ceil(next - now)];
}

export const scriptCommands: Commands = {
  EVALSHA: { least: 2, grows: true, run: (context, [sha, ...rest]) => runScript(context, scripts.get(sha!), rest) },
  EVAL: {
    least: 2,
    grows: true,
    run: (context, [text, ...rest]) => {
      const known = [acquireLock, extendLock, releaseLock, takeFromBudget].find(
        (one: CacheScript) => one.text === text,
      );
      if (known === undefined) throw new CommandError("ERR this development server runs no scripts but Tenon's own");
      return runScript(context, scripts.get(known.sha), rest);
    },
  },
};

function runScript(context: CommandContext, script: Script | undefined, [count, ...rest]: string[]): Reply {
  if (script === undefined) throw new CommandError("NOSCRIPT No matching script. Please use EVAL.");
  const keys = integerOf(count!);
  return script(context, rest.slice(0, keys), rest.slice(keys));
}
