// Commands on hashes.
import { type CommandContext, CommandError, type Commands, hashAt, notAFloat } from "./command-context.ts";
import { decimalSum } from "./decimal-sum.ts";
import { itemBytes } from "./entries.ts";
import type { Reply } from "./resp.ts";

export const hashCommands: Commands = {
  HSET: { least: 3, grows: true, run: set },
  HGET: { least: 2, most: 2, run: (context, [key, field]) => hashAt(context, key!)?.get(field!) ?? null },
  HGETALL: { least: 1, most: 1, run: (context, [key]) => [...(hashAt(context, key!) ?? [])].flat() },
  HLEN: { least: 1, most: 1, run: (context, [key]) => hashAt(context, key!)?.size ?? 0 },
  HDEL: {
    least: 2,
    run: (context, [key, ...fields]) => {
      const hash = hashAt(context, key!) ?? new Map<string, string>();
      const removed = fields.filter((field) => hash.delete(field)).length;
      if (removed > 0) context.entries.set(key!, hash);
      return removed;
    },
  },
  HINCRBYFLOAT: {
    least: 3,
    most: 3,
    grows: true,
    run: (context, [key, field, by]) => {
      if (decimalSum("0", by!) === null) throw new CommandError(notAFloat);
      const hash = hashAt(context, key!) ?? new Map<string, string>();
      const next = decimalSum(hash.get(field!) ?? "0", by!);
      if (next === null) throw new CommandError("ERR hash value is not a float");
      context.entries.set(key!, hash.set(field!, next));
      return next;
    },
  },
};

function set(context: CommandContext, [key, ...rest]: string[]): Reply {
  if (rest.length % 2 !== 0) throw new CommandError("ERR wrong number of arguments for 'hset' command");
  const hash = hashAt(context, key!) ?? new Map<string, string>();
  const before = hash.size;
  let grownBytes = 0;
  for (let index = 0; index < rest.length; index += 2) {
    const [field, value] = [rest[index]!, rest[index + 1]!];
    const old = hash.get(field);
    grownBytes += itemBytes(field, value) - (old === undefined ? 0 : itemBytes(field, old));
    hash.set(field, value);
  }
  context.entries.set(key!, hash, grownBytes);
  return hash.size - before;
}
