// How the runtime of a build comes by Node's own modules: by `require`, not by `import`. For an import of some names Node first reads
// every name that a module has, and some of them load much: `node:http` of Node 22.5 and newer all of undici, for the one name WebSocket
// (Node 26.10: 40 ms and 8 MB), `node:crypto` all of Web Crypto.

/** A line that the bundler writes: `import http, { Agent, request as send } from "node:http";`, with either part. */
const builtinImport = /^import (?:([\w$]+)(?:, )?)?(?:\{ (.*) \})? ?from "(node:[\w/]+)";$/gm;

const before =
  'import { createRequire as $createRequire } from "node:module";\nconst $require = $createRequire(import.meta.url);\n';

/** `code`: a chunk as the bundler writes it, its imports at the top. Imports of whole namespaces stay as they are. */
export function requireBuiltins(code: string): string {
  const changed = code.replace(
    builtinImport,
    (_line, whole: string | undefined, names: string | undefined, module: string) => {
      const taken = `$require("${module}")`;
      const parts = [
        ...(whole === undefined ? [] : [`const ${whole} = ${taken};`]),
        ...(names === undefined ? [] : [`const { ${names.replace(/ as /g, ": ")} } = ${taken};`]),
      ];
      return parts.join(" ");
    },
  );
  return changed === code ? code : before + changed;
}
