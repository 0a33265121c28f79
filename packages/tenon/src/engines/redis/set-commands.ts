// Commands on sets.
import { type CommandContext, CommandError, type Commands, integerOf, setAt } from "./command-context.ts";
import { itemBytes } from "./entries.ts";
import type { Reply } from "./resp.ts";

export const setCommands: Commands = {
  SADD: { least: 2, grows: true, run: add },
  SREM: { least: 2, run: remove },
  SISMEMBER: { least: 2, most: 2, run: (context, [key, member]) => (setAt(context, key!)?.has(member!) ? 1 : 0) },
  SCARD: { least: 1, most: 1, run: (context, [key]) => setAt(context, key!)?.size ?? 0 },
  SMEMBERS: { least: 1, most: 1, run: (context, [key]) => [...(setAt(context, key!) ?? [])] },
  SPOP: { least: 1, most: 2, run: pop },
  SRANDMEMBER: { least: 1, most: 2, run: sample },
  SMOVE: { least: 3, most: 3, grows: true, run: move },
  SDIFF: { least: 1, run: (context, keys) => [...difference(context, keys)] },
  SINTER: { least: 1, run: (context, keys) => [...intersection(context, keys)] },
  SUNION: { least: 1, run: (context, keys) => [...union(context, keys)] },
  SDIFFSTORE: {
    least: 2,
    grows: true,
    run: (context, [to, ...keys]) => store(context, to!, difference(context, keys)),
  },
  SINTERSTORE: {
    least: 2,
    grows: true,
    run: (context, [to, ...keys]) => store(context, to!, intersection(context, keys)),
  },
  SUNIONSTORE: { least: 2, grows: true, run: (context, [to, ...keys]) => store(context, to!, union(context, keys)) },
};

function add(context: CommandContext, [key, ...members]: string[]): Reply {
  const set = setAt(context, key!) ?? new Set();
  const added = new Set(members.filter((member) => !set.has(member)));
  for (const member of added) set.add(member);
  context.entries.set(key!, set, grownBy(added));
  return added.size;
}

function grownBy(members: Iterable<string>): number {
  let sum = 0;
  for (const member of members) sum += itemBytes(member);
  return sum;
}

function remove(context: CommandContext, [key, ...members]: string[]): Reply {
  const set = setAt(context, key!);
  if (set === undefined) return 0;
  const removed = members.filter((member) => set.delete(member));
  context.entries.set(key!, set, -grownBy(removed));
  return removed.length;
}

function pop(context: CommandContext, [key, count]: string[]): Reply {
  const most = count === undefined ? 1 : integerOf(count);
  if (most < 0) throw new CommandError("ERR value is out of range, must be positive");
  const set = setAt(context, key!);
  if (set === undefined) return count === undefined ? null : [];
  const taken = shuffled(set).slice(0, most);
  for (const member of taken) set.delete(member);
  context.entries.set(key!, set);
  return count === undefined ? taken[0]! : taken;
}

/** A negative count may give the same member more than once. */
function sample(context: CommandContext, [key, count]: string[]): Reply {
  const members = [...(setAt(context, key!) ?? [])];
  const any = () => members[Math.floor(Math.random() * members.length)]!;
  if (count === undefined) return members.length === 0 ? null : any();
  const most = integerOf(count);
  if (members.length === 0) return [];
  return most < 0 ? Array.from({ length: -most }, any) : shuffled(members).slice(0, most);
}

function move(context: CommandContext, [from, to, member]: string[]): Reply {
  const source = setAt(context, from!);
  if (source === undefined) return 0;
  const destination = setAt(context, to!) ?? new Set<string>();
  if (!source.has(member!)) return 0;
  if (from === to) return 1;
  source.delete(member!);
  context.entries.set(from!, source);
  context.entries.set(to!, destination.add(member!));
  return 1;
}

function difference(context: CommandContext, [first, ...keys]: string[]): Set<string> {
  const others = keys.map((key) => setAt(context, key));
  return new Set([...(setAt(context, first!) ?? [])].filter((one) => !others.some((other) => other?.has(one))));
}

function intersection(context: CommandContext, [first, ...keys]: string[]): Set<string> {
  const others = keys.map((key) => setAt(context, key));
  return new Set([...(setAt(context, first!) ?? [])].filter((one) => others.every((other) => other?.has(one))));
}

function union(context: CommandContext, keys: string[]): Set<string> {
  return new Set(keys.flatMap((key) => [...(setAt(context, key) ?? [])]));
}

/** What was there is replaced, with its expiry and whatever it was. */
function store({ entries }: CommandContext, key: string, set: Set<string>): Reply {
  entries.delete(key);
  entries.set(key, set);
  return set.size;
}

function shuffled(members: Iterable<string>): string[] {
  const list = [...members];
  for (let index = list.length - 1; index > 0; index--) {
    const other = Math.floor(Math.random() * (index + 1));
    [list[index], list[other]] = [list[other]!, list[index]!];
  }
  return list;
}
