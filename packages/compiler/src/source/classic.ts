// TypeScript 6 in process behind the port: for machines without a native binary, and as the second opinion in tests.
import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import ts from "typescript-classic";
import { ClassicChecker } from "./classic-checker.ts";
import { crawlTypes } from "./crawl.ts";
import type {
  CrawlRequest,
  CrawlResult,
  DeclarationKey,
  FileChanges,
  SourceDiagnostic,
  SourceSpan,
  TypeSource,
} from "./type-source.ts";

export class ClassicSource implements TypeSource {
  readonly version = `typescript ${ts.version}`;
  readonly #sourceFiles = new Map<string, ts.SourceFile>();
  #configFile = "";
  #configDiagnostics: readonly ts.Diagnostic[] = [];
  #program: ts.Program | null = null;
  #checker: ClassicChecker | null = null;

  async open(configFile: string): Promise<void> {
    this.#configFile = configFile;
    this.#refresh();
  }

  async crawl(requests: readonly CrawlRequest[]): Promise<CrawlResult> {
    return crawlTypes(this.#opened().checker, requests);
  }

  async locate(declarations: readonly DeclarationKey[]): Promise<ReadonlyMap<DeclarationKey, SourceSpan>> {
    return this.#opened().checker.locate(declarations);
  }

  async update(changes: FileChanges): Promise<void> {
    for (const file of [...changes.changed, ...changes.created, ...changes.deleted]) this.#sourceFiles.delete(file);
    this.#refresh();
  }

  async diagnostics(files?: readonly string[]): Promise<readonly SourceDiagnostic[]> {
    const { program } = this.#opened();
    const all =
      files === undefined
        ? [
            ...this.#configDiagnostics,
            ...program.getSyntacticDiagnostics(),
            ...program.getGlobalDiagnostics(),
            ...program.getSemanticDiagnostics(),
          ]
        : files
            .map((file) => program.getSourceFile(file))
            .filter((file) => file !== undefined)
            .flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]);
    return all.map(plainDiagnostic);
  }

  async close(): Promise<void> {
    this.#program = null;
    this.#checker = null;
    this.#sourceFiles.clear();
  }

  #opened(): { program: ts.Program; checker: ClassicChecker } {
    if (this.#program === null || this.#checker === null) throw new Error("the type source is not open");
    return { program: this.#program, checker: this.#checker };
  }

  #refresh(): void {
    const read = ts.readConfigFile(this.#configFile, (file) => readFileSync(file, "utf8"));
    const parsed = ts.parseJsonConfigFileContent(
      read.config,
      ts.sys,
      dirname(this.#configFile),
      undefined,
      this.#configFile,
    );
    this.#configDiagnostics = read.error === undefined ? parsed.errors : [read.error, ...parsed.errors];
    const host = ts.createCompilerHost(parsed.options, true);
    const parse = host.getSourceFile.bind(host);
    host.getSourceFile = (file, ...rest) => {
      const known = this.#sourceFiles.get(file);
      if (known !== undefined) return known;
      const source = parse(file, ...rest);
      if (source !== undefined) this.#sourceFiles.set(file, source);
      return source;
    };
    const oldProgram = this.#program;
    this.#program = ts.createProgram({
      rootNames: parsed.fileNames,
      options: parsed.options,
      host,
      ...(oldProgram === null ? {} : { oldProgram }),
    });
    this.#checker = new ClassicChecker(this.#program);
  }
}

function plainDiagnostic(diagnostic: ts.Diagnostic): SourceDiagnostic {
  const { file, start, length } = diagnostic;
  return {
    code: diagnostic.code,
    severity: diagnostic.category === ts.DiagnosticCategory.Error ? "error" : "warning",
    message: ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n"),
    span: file === undefined || start === undefined ? null : { file: file.fileName, start, end: start + (length ?? 0) },
  };
}
