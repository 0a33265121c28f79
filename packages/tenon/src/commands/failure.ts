// Turns whatever a command threw into text for people and an exit code. No stack unless TENON_DEBUG is set: a stack helps only us.
import { type Command, CommandError, UsageError } from "./definition.ts";

export function describeFailure(error: unknown, command: Command): { text: string; exitCode: number } {
  if (error instanceof UsageError) {
    return {
      text: `tenon ${command.name}: ${error.message}\n\`tenon ${command.name} --help\` shows its options.\n`,
      exitCode: 2,
    };
  }
  if (isCoded(error)) {
    const hint = error.hint === undefined ? "" : `  ${error.hint.replaceAll("\n", "\n  ")}\n`;
    return { text: `error ${error.code}: ${error.message}\n${hint}`, exitCode: 1 };
  }
  const message = error instanceof Error ? error.message : String(error);
  const stack = process.env["TENON_DEBUG"] && error instanceof Error ? `${error.stack}\n` : "";
  return {
    text: `tenon ${command.name}: Tenon itself failed: ${message}\n  This is a defect in Tenon. TENON_DEBUG=1 shows where it happened.\n${stack}`,
    exitCode: 3,
  };
}

/** Errors of our packages carry a stable code; those of the system (ENOENT ...) and of Node carry one too, but are ours to foresee. */
function isCoded(error: unknown): error is Error & { code: string; hint?: string } {
  if (error instanceof CommandError) return true;
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") return false;
  return !("syscall" in error) && !error.code.startsWith("ERR_");
}
