// Etags as HTTP writes them, without their quotes.

export function unquoted(etag: string): string {
  return etag.replaceAll('"', "");
}
