// Words of a command line.

/** Single quotes keep everything as it is in a POSIX shell; plain words need none. */
export function shellQuote(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
