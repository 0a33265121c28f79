// Commands on lists.
import {
  type CommandContext,
  CommandError,
  type Commands,
  integerOf,
  listAt,
  sliceOf,
  syntaxError,
} from "./command-context.ts";
import { itemBytes } from "./entries.ts";
import { ok, type Reply } from "./resp.ts";

export const listCommands: Commands = {
  LPUSH: {
    least: 2,
    grows: true,
    run: (context, [key, ...items]) => pushTo(context, key!, items, (list) => prepended(list, items)),
  },
  RPUSH: {
    least: 2,
    grows: true,
    run: (context, [key, ...items]) => pushTo(context, key!, items, (list) => appended(list, items)),
  },
  LPOP: { least: 1, most: 1, run: (context, [key]) => popFrom(context, key!, "LEFT") },
  RPOP: { least: 1, most: 1, run: (context, [key]) => popFrom(context, key!, "RIGHT") },
  LLEN: { least: 1, most: 1, run: (context, [key]) => listAt(context, key!)?.length ?? 0 },
  LINDEX: { least: 2, most: 2, run: (context, [key, index]) => listAt(context, key!)?.at(integerOf(index!)) ?? null },
  LRANGE: {
    least: 3,
    most: 3,
    run: (context, [key, start, stop]) => {
      const [list, from, to] = slicedAt(context, key!, start!, stop!);
      return list.slice(from, to);
    },
  },
  LTRIM: {
    least: 3,
    most: 3,
    run: (context, [key, start, stop]) => {
      const [list, from, to] = slicedAt(context, key!, start!, stop!);
      context.entries.set(key!, list.slice(from, to));
      return ok;
    },
  },
  LSET: { least: 3, most: 3, grows: true, run: setAtIndex },
  LREM: { least: 3, most: 3, run: remove },
  LINSERT: { least: 4, most: 4, grows: true, run: insert },
  LMOVE: { least: 4, most: 4, grows: true, run: move },
};

/** The positions are checked before the key is looked at. */
function slicedAt(context: CommandContext, key: string, start: string, stop: string): [string[], number, number] {
  integerOf(start);
  integerOf(stop);
  const list = listAt(context, key) ?? [];
  const [from, to] = sliceOf(start, stop, list.length);
  return [list, from, Math.max(from, to)];
}

function pushTo(
  context: CommandContext,
  key: string,
  items: readonly string[],
  push: (list: string[]) => string[],
): number {
  const list = push(listAt(context, key) ?? []);
  context.entries.set(
    key,
    list,
    items.reduce((sum, item) => sum + itemBytes(item), 0),
  );
  return list.length;
}

/** A call of a function takes fewer arguments than a command. */
const mostArguments = 1_000;

function prepended(list: string[], items: readonly string[]): string[] {
  const reversed = items.toReversed();
  if (items.length > mostArguments) return reversed.concat(list);
  list.unshift(...reversed);
  return list;
}

function appended(list: string[], items: readonly string[]): string[] {
  for (const item of items) list.push(item);
  return list;
}

function popFrom(context: CommandContext, key: string, end: string): string | null {
  const list = listAt(context, key);
  if (list === undefined) return null;
  const item = end === "LEFT" ? list.shift() : list.pop();
  context.entries.set(key, list, -itemBytes(item ?? ""));
  return item ?? null;
}

function setAtIndex(context: CommandContext, [key, index, item]: string[]): Reply {
  const list = listAt(context, key!);
  if (list === undefined) throw new CommandError("ERR no such key");
  const at = integerOf(index!);
  const position = at < 0 ? list.length + at : at;
  if (position < 0 || position >= list.length) throw new CommandError("ERR index out of range");
  list[position] = item!;
  context.entries.set(key!, list);
  return ok;
}

/** A negative count removes from the end; 0 is all. */
function remove(context: CommandContext, [key, count, item]: string[]): Reply {
  const most = integerOf(count!);
  const list = listAt(context, key!) ?? [];
  const order = most < 0 ? list.toReversed() : list;
  let removed = 0;
  const rest = order.filter((one) => {
    const isRemoved = one === item && (most === 0 || removed < Math.abs(most));
    if (isRemoved) removed++;
    return !isRemoved;
  });
  if (removed > 0) context.entries.set(key!, most < 0 ? rest.reverse() : rest);
  return removed;
}

function insert(context: CommandContext, [key, where, pivot, item]: string[]): Reply {
  const side = where!.toUpperCase();
  if (side !== "BEFORE" && side !== "AFTER") throw new CommandError(syntaxError);
  const list = listAt(context, key!);
  if (list === undefined) return 0;
  const at = list.indexOf(pivot!);
  if (at < 0) return -1;
  list.splice(side === "BEFORE" ? at : at + 1, 0, item!);
  context.entries.set(key!, list);
  return list.length;
}

function move(context: CommandContext, [from, to, source, destination]: string[]): Reply {
  const ends = [source!.toUpperCase(), destination!.toUpperCase()];
  if (ends.some((end) => end !== "LEFT" && end !== "RIGHT")) throw new CommandError(syntaxError);
  if (listAt(context, from!) === undefined) return null;
  // Before anything is taken out.
  listAt(context, to!);
  const item = popFrom(context, from!, ends[0]!);
  if (item === null) return null;
  pushTo(context, to!, [item], (list) => (ends[1] === "LEFT" ? prepended(list, [item]) : appended(list, [item])));
  return item;
}
