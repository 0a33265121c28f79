// One client of the cache server: who it is, which cache it works on, and the transaction that it is collecting.
import { timingSafeEqual } from "node:crypto";
import { type CommandContext, type CommandDefinition, CommandError, type Commands } from "./command-context.ts";
import { hashCommands } from "./hash-commands.ts";
import { keyCommands } from "./key-commands.ts";
import { listCommands } from "./list-commands.ts";
import { ErrorReply, ok, type Reply, Status } from "./resp.ts";
import { scriptCommands } from "./script-commands.ts";
import { setCommands } from "./set-commands.ts";
import { sortedSetCommands } from "./sorted-set-commands.ts";
import { textCommands } from "./text-commands.ts";

export interface SessionOptions {
  readonly password: string;
  /** The cache with that number; undefined: there is none. */
  readonly select: (index: number) => CommandContext | undefined;
}

const dataCommands: Commands = {
  ...keyCommands,
  ...textCommands,
  ...listCommands,
  ...setCommands,
  ...sortedSetCommands,
  ...hashCommands,
  ...scriptCommands,
};

const outOfMemory = "OOM command not allowed when used memory > 'maxmemory'.";

export class Session {
  readonly #options: SessionOptions;
  #isKnown = false;
  #context: CommandContext | undefined;
  /** null: none is being collected. */
  #transaction: { readonly commands: string[][]; isBroken: boolean } | null = null;
  hasQuit = false;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#context = options.select(0);
  }

  handle(command: string[]): Reply {
    try {
      return this.#handle(command);
    } catch (error) {
      // What is wrong with this server must not end the supervisor that it runs in.
      if (!(error instanceof CommandError)) return new ErrorReply(`ERR the development server failed: ${error}`);
      if (this.#transaction !== null) this.#transaction.isBroken = true;
      return new ErrorReply(error.message);
    }
  }

  #handle([word, ...args]: string[]): Reply {
    const name = word!.toUpperCase();
    const own = this.#connectionCommand(name, args);
    if (own !== undefined) return own;
    if (!this.#isKnown) throw new CommandError("NOAUTH Authentication required.");
    const definition = definitionOf(word!, args);
    if (this.#transaction === null) return this.#run(definition, args);
    this.#transaction.commands.push([name, ...args]);
    return new Status("QUEUED");
  }

  /** undefined: it is none. */
  #connectionCommand(name: string, args: string[]): Reply | undefined {
    switch (name) {
      case "AUTH":
        return this.#authenticate(args.at(-1) ?? "");
      case "HELLO":
        throw new CommandError("NOPROTO unsupported protocol version");
      case "QUIT":
        this.hasQuit = true;
        return ok;
      case "PING":
        return args[0] ?? new Status("PONG");
      case "ECHO":
        return args[0] ?? "";
      case "CLIENT":
      case "COMMAND":
        return args.length === 0 || name === "COMMAND" ? [] : ok;
      case "INFO":
        return "# Server\r\nredis_version:7.0.0\r\nredis_mode:standalone\r\n# Persistence\r\nloading:0\r\n";
      case "SELECT":
        return this.#select(Number(args[0]));
      case "MULTI":
        if (this.#transaction !== null) throw new CommandError("ERR MULTI calls can not be nested");
        this.#transaction = { commands: [], isBroken: false };
        return ok;
      case "DISCARD":
        if (this.#transaction === null) throw new CommandError("ERR DISCARD without MULTI");
        this.#transaction = null;
        return ok;
      case "EXEC":
        return this.#runTransaction();
      default:
        return undefined;
    }
  }

  #authenticate(password: string): Reply {
    const given = Buffer.from(password, "latin1");
    const expected = Buffer.from(this.#options.password);
    this.#isKnown = given.length === expected.length && timingSafeEqual(given, expected);
    if (!this.#isKnown) throw new CommandError("WRONGPASS invalid username-password pair or user is disabled.");
    return ok;
  }

  #select(index: number): Reply {
    const context = this.#isKnown ? this.#options.select(index) : undefined;
    if (context === undefined) throw new CommandError("ERR DB index is out of range");
    this.#context = context;
    return ok;
  }

  #run(definition: CommandDefinition, args: string[]): Reply {
    const context = this.#context;
    if (context === undefined) throw new CommandError("ERR there is no cache of that number: SELECT one");
    if (definition.grows === true && !context.entries.makeRoom()) throw new CommandError(outOfMemory);
    const reply = definition.run(context, args);
    if (definition.grows === true) context.entries.makeRoom();
    return reply;
  }

  /** What fails in between does not keep the rest from being done, as in Redis. */
  #runTransaction(): Reply {
    const transaction = this.#transaction;
    if (transaction === null) throw new CommandError("ERR EXEC without MULTI");
    this.#transaction = null;
    if (transaction.isBroken) throw new CommandError("EXECABORT Transaction discarded because of previous errors.");
    return transaction.commands.map(([name, ...args]) => {
      try {
        return this.#run(definitionOf(name!, args), args);
      } catch (error) {
        if (error instanceof CommandError) return new ErrorReply(error.message);
        throw error;
      }
    });
  }
}

/** `name`: as the client wrote it. */
function definitionOf(name: string, args: readonly string[]): CommandDefinition {
  const known = name.toUpperCase();
  const definition = Object.hasOwn(dataCommands, known) ? dataCommands[known] : undefined;
  if (definition === undefined) {
    const given = args.map((arg) => `'${arg}' `).join("");
    throw new CommandError(`ERR unknown command '${name}', with args beginning with: ${given}`);
  }
  const { least, most = Number.POSITIVE_INFINITY } = definition;
  if (args.length >= least && args.length <= most) return definition;
  throw new CommandError(`ERR wrong number of arguments for '${name.toLowerCase()}' command`);
}
