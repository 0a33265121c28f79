// Parses JSON with comments and trailing commas, the language of configuration files.

/** Throws SyntaxError with line and column where it is not such a text. */
export function parseJsonc(text: string): unknown {
  // Both are blanked out and not cut, so that the places that JSON.parse names are those of the file.
  const plain = withoutTrailingCommas(withoutComments(text.replace(/^\uFEFF/, " ")));
  try {
    return JSON.parse(plain);
  } catch (error) {
    throw new SyntaxError((error as Error).message, { cause: error });
  }
}

const STRING = '"(?:[^"\\\\]|\\\\.)*"';

function withoutComments(text: string): string {
  const pattern = new RegExp(`${STRING}|//[^\\n]*|/\\*[\\s\\S]*?\\*/`, "g");
  return text.replace(pattern, (found) => (found.startsWith('"') ? found : found.replace(/[^\n]/g, " ")));
}

function withoutTrailingCommas(text: string): string {
  const pattern = new RegExp(`${STRING}|(?<=["\\w}\\]]\\s*),(?=\\s*[}\\]])`, "g");
  return text.replace(pattern, (found) => (found === "," ? " " : found));
}
