// TypeScript 7 behind the port: a native child process spoken to over its asynchronous API. It guards what that API does not: a
// child that dies or hangs leaves its promises open for ever, and an update that does not name the project shows old contents.
import type { ChildProcess } from "node:child_process";
import {
  API,
  DiagnosticCategory,
  type Diagnostic as NativeDiagnostic,
  type Project,
  type Snapshot,
} from "typescript-native/async";
import { crawlTypes } from "./crawl.ts";
import { NativeChecker } from "./native-checker.ts";
import type {
  CrawlRequest,
  CrawlResult,
  DeclarationKey,
  FileChanges,
  SourceDiagnostic,
  SourceSpan,
  TypeSource,
} from "./type-source.ts";

export interface NativeOptions {
  /** How long one operation may take before the process is taken for hung; default 60 s. */
  readonly deadlineMs?: number;
  /** The executable; default: the one installed with the package. */
  readonly executable?: string;
}

/** The part of the client's private state that the guard needs. */
interface ClientInternals {
  readonly client: { readonly process?: ChildProcess; connect(): Promise<void> };
}

interface Session {
  readonly api: API;
  snapshot: Snapshot;
  checker: NativeChecker;
}

export class ProcessLost extends Error {}

export class NativeSource implements TypeSource {
  readonly version = "typescript 7.1.0-beta";
  readonly #deadlineMs: number;
  readonly #executable: string | undefined;
  #configFile = "";
  #session: Session | null = null;

  constructor(options: NativeOptions = {}) {
    this.#deadlineMs = options.deadlineMs ?? 60_000;
    this.#executable = options.executable;
  }

  /** Process id of the compiler; for tests that kill it. */
  get processId(): number | undefined {
    return this.#session === null ? undefined : processOf(this.#session.api)?.pid;
  }

  async open(configFile: string): Promise<void> {
    this.#configFile = configFile;
    await this.#start();
  }

  crawl(requests: readonly CrawlRequest[]): Promise<CrawlResult> {
    return this.#withSession(({ checker }) => crawlTypes(checker, requests));
  }

  locate(declarations: readonly DeclarationKey[]): Promise<ReadonlyMap<DeclarationKey, SourceSpan>> {
    return this.#withSession(({ checker }) => checker.locate(declarations));
  }

  async update(changes: FileChanges): Promise<void> {
    await this.#withSession(async (session) => {
      const previous = session.snapshot;
      // Without openProjects the new snapshot silently keeps the old contents.
      session.snapshot = await previous.update({
        openProjects: [this.#configFile],
        fileNotifications: {
          // TypeScript may have come upon a created file before it was told, when it was still empty; it would keep that.
          changed: [...changes.changed, ...changes.created],
          created: [...changes.created],
          deleted: [...changes.deleted],
        },
      });
      session.checker = new NativeChecker(this.#projectOf(session.snapshot));
      await previous.dispose();
    });
  }

  diagnostics(files?: readonly string[]): Promise<readonly SourceDiagnostic[]> {
    return this.#withSession(async ({ snapshot }) => {
      const { program } = this.#projectOf(snapshot);
      const lists = await Promise.all(
        files === undefined
          ? [
              program.getConfigFileParsingDiagnostics(),
              program.getSyntacticDiagnostics(),
              program.getGlobalDiagnostics(),
              program.getSemanticDiagnostics(),
            ]
          : files.flatMap((file) => [program.getSyntacticDiagnostics(file), program.getSemanticDiagnostics(file)]),
      );
      return lists.flat().map(plainDiagnostic);
    });
  }

  async close(): Promise<void> {
    const session = this.#session;
    this.#session = null;
    if (session === null) return;
    const child = processOf(session.api);
    await within(session.api.close(), 2_000, child).catch(() => child?.kill("SIGKILL"));
  }

  async #start(): Promise<Session> {
    const api = new API(this.#executable === undefined ? {} : { tsserverPath: this.#executable });
    try {
      await (api as unknown as ClientInternals).client.connect();
      muteBrokenPipe(processOf(api));
      const opening = api.createSnapshot({ openProjects: [this.#configFile] });
      const snapshot = await within(opening, this.#deadlineMs, processOf(api));
      this.#session = { api, snapshot, checker: new NativeChecker(this.#projectOf(snapshot)) };
      return this.#session;
    } catch (error) {
      processOf(api)?.kill("SIGKILL");
      throw error;
    }
  }

  /** Runs the operation; when the process is lost under it, once more on a new one, which reads all files afresh. */
  async #withSession<Result>(operation: (session: Session) => Promise<Result>): Promise<Result> {
    const session = this.#session ?? (await this.#start());
    const child = processOf(session.api);
    try {
      return await within(operation(session), this.#deadlineMs, child);
    } catch (error) {
      const isGone = child === undefined || child.exitCode !== null || child.signalCode !== null;
      if (!(error instanceof ProcessLost) && !isGone) throw error;
      child?.kill("SIGKILL");
      this.#session = null;
      const next = await this.#start();
      return within(operation(next), this.#deadlineMs, processOf(next.api));
    }
  }

  #projectOf(snapshot: Snapshot): Project {
    const project = snapshot.getConfiguredProject(this.#configFile);
    if (project === undefined) throw new Error(`TypeScript did not open ${this.#configFile}`);
    return project;
  }
}

function processOf(api: API): ChildProcess | undefined {
  return (api as unknown as ClientInternals).client.process;
}

/**
 * The client's message writer turns a failed write into a rejection that nobody can catch, which would end our own process. The loss
 * of the child is noticed by its exit and by the deadline, so failed writes may pass for done.
 */
function muteBrokenPipe(child: ChildProcess | undefined): void {
  const stdin = child?.stdin;
  if (!stdin) return;
  stdin.on("error", () => {});
  const write = stdin.write.bind(stdin) as (chunk: unknown, encoding: BufferEncoding, done: () => void) => boolean;
  stdin.write = ((chunk: unknown, encoding: BufferEncoding | (() => void), callback?: () => void) => {
    const done = typeof encoding === "function" ? encoding : callback;
    if (!stdin.destroyed) return write(chunk, typeof encoding === "function" ? "utf8" : encoding, () => done?.());
    done?.();
    return false;
  }) as typeof stdin.write;
}

/** Fails with ProcessLost when the child ends or the time is up before the operation does. */
async function within<Result>(
  operation: Promise<Result>,
  deadlineMs: number,
  child: ChildProcess | undefined,
): Promise<Result> {
  operation.catch(() => {});
  let timer: NodeJS.Timeout | undefined;
  let onExit: (() => void) | undefined;
  const lost = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new ProcessLost(`no answer from TypeScript within ${deadlineMs} ms`)), deadlineMs);
    onExit = () => reject(new ProcessLost("the TypeScript process ended"));
    if (child !== undefined && (child.exitCode !== null || child.signalCode !== null)) onExit();
    child?.once("exit", onExit);
    child?.once("error", onExit);
  });
  try {
    return await Promise.race([operation, lost]);
  } finally {
    clearTimeout(timer);
    if (onExit !== undefined) {
      child?.off("exit", onExit);
      child?.off("error", onExit);
    }
  }
}

function plainDiagnostic(diagnostic: NativeDiagnostic): SourceDiagnostic {
  const { fileName, pos, end } = diagnostic;
  return {
    code: diagnostic.code,
    severity: diagnostic.category === DiagnosticCategory.Error ? "error" : "warning",
    message: messageText(diagnostic),
    span: fileName === undefined || fileName === "" ? null : { file: fileName, start: pos, end },
  };
}

function messageText(diagnostic: NativeDiagnostic, depth = 0): string {
  const lines = (diagnostic.messageChain ?? []).map((next) => messageText(next, depth + 1));
  return [`${"  ".repeat(depth)}${diagnostic.text}`, ...lines].join("\n");
}
