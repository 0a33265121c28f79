// Tenon's diagnostics and TypeScript's own, as one list in which one problem stands once.
import type { Diagnostic } from "@tenon/model";

const unreadable: ReadonlySet<string> = new Set(["TN1001", "TN1823"]);
const noService = "TN1803";
const noInputs = "TS18003";
const unresolvedType = "TN1208";

export function joinTypeErrors(own: readonly Diagnostic[], typeErrors: readonly Diagnostic[]): Diagnostic[] {
  const unreadableFiles = new Set(own.filter(({ code }) => unreadable.has(code)).map(({ file }) => file));
  const places = new Set(own.filter(({ file, code }) => file !== "" && code !== unresolvedType).map(placeKey));
  const isEmpty = own.some(({ code }) => code === noService);
  const fresh = typeErrors.filter(
    (error) =>
      !unreadableFiles.has(error.file) && !places.has(placeKey(error)) && !(isEmpty && error.code === noInputs),
  );
  // Why a type cannot be resolved is said by TypeScript's error; ours stays where that error lies in another file.
  const explained = new Set(fresh.map(({ file }) => file));
  return [...own.filter(({ code, file }) => code !== unresolvedType || !explained.has(file)), ...fresh];
}

function placeKey({ file, line, column }: Diagnostic): string {
  return `${file}:${line}:${column}`;
}
