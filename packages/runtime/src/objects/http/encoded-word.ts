// Text beyond ASCII in a header: as an encoded word (RFC 2047), which is how S3 itself gives metadata back.

export function encodeWord(value: string): string {
  const isPlain = /^[\x20-\x7e]*$/.test(value) && !value.includes("=?");
  return isPlain ? value : `=?UTF-8?B?${Buffer.from(value).toString("base64")}?=`;
}

export function decodeWords(value: string): string {
  // Spaces between two words only separate them.
  const joined = value.replace(/\?=\s+=\?/g, "?==?");
  return joined.replace(/=\?UTF-8\?([BQ])\?([^?]*)\?=/gi, (_, kind: string, text: string) =>
    (kind.toUpperCase() === "B" ? Buffer.from(text, "base64") : quotedBytes(text)).toString("utf8"),
  );
}

function quotedBytes(text: string): Buffer {
  const latin1 = text
    .replaceAll("_", " ")
    .replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(latin1, "latin1");
}
