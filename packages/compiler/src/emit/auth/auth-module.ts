// Emits `~tenon/auth`: `getAuthData()` with the type of what this app's auth handlers give, and the options of calls, which can say for
// whom a call is made.
import { dirname, join, relative, sep } from "node:path";
import type { AuthSource } from "./auth-source.ts";

const title = "// Written by Tenon from the auth handlers of this app; rewritten on every change.";

export const authModule = `${title}\nexport { getAuthData } from "tenon/internal/auth";\n`;

/** `file`: absolute path of the declaration file that the text is for. */
export function emitAuthDeclaration(appDir: string, file: string, sources: readonly AuthSource[] | null): string {
  const imports = (sources ?? []).map(({ file: source, exportName }, index) => {
    const path = relative(dirname(file), join(appDir, source)).split(sep).join("/");
    const specifier = path.startsWith(".") ? path : `./${path}`;
    return `import type { ${exportName} as source${index} } from ${JSON.stringify(specifier)};`;
  });
  const lines = [
    title,
    'import type { CallOpts as BaseCallOpts } from "tenon/api";',
    ...(imports.length === 0 ? [] : ['import type { AuthDataOf } from "tenon/auth";', ...imports]),
    "",
    "/** What the auth handlers of this app say of an authenticated caller. */",
    `export type AuthData = ${authDataType(sources)};`,
    "",
    "/** Of the caller of the endpoint that runs; null: nobody is known. */",
    "export declare function getAuthData(): AuthData | null;",
    "",
    "/** Options of a call to another service. */",
    "export interface CallOpts extends BaseCallOpts {",
    "  /** Calls for somebody else than the endpoint that runs was called for; null: for nobody. */",
    "  readonly authData?: AuthData | null;",
    "}",
  ];
  return `${lines.join("\n")}\n`;
}

function authDataType(sources: readonly AuthSource[] | null): string {
  if (sources === null) return "never";
  if (sources.length === 0) return "{ userID: string; [name: string]: unknown }";
  return sources.map((_, index) => `AuthDataOf<typeof source${index}>`).join(" | ");
}
