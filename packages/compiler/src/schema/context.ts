// Where the conversion of a type stands: the way from the nearest named type or root, for problems to point at.
import type { DeclarationKey } from "../source/type-source.ts";
import type { Problem } from "./problem.ts";

export interface Context {
  /** "User", "request", "response". */
  readonly root: string;
  /** ".settings[].onChange". */
  readonly path: string;
  readonly declaration: DeclarationKey | null;
  /** Collects what is wrong below the root. */
  readonly problems: Problem[];
}

export function below(context: Context, step: string, declaration: DeclarationKey | undefined = undefined): Context {
  return { ...context, path: context.path + step, declaration: declaration ?? context.declaration };
}

export function report(context: Context, code: Problem["code"], detail = ""): void {
  const { path, declaration } = context;
  // A method's overloads, or the two halves of a boolean flavour, would say the same twice.
  const full = shortened(context.root + path);
  if (context.problems.some((problem) => problem.code === code && problem.path === full)) return;
  context.problems.push({ code, path: full, detail, declaration });
}

/** A way of hundreds of steps is shown by its start. */
function shortened(path: string): string {
  return path.length <= 200 ? path : `${path.slice(0, 60)}...`;
}

/** "name" -> ".name", "a-b" -> '["a-b"]'. */
export function memberStep(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}
