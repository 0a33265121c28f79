// What bytes may stand where in a head, as tables by byte. One table lookup per byte is all that the parsers do.

export const CR = 0x0d;
export const LF = 0x0a;
export const SPACE = 0x20;
export const TAB = 0x09;
export const COLON = 0x3a;

const TOKEN_MARKS = "!#$%&'*+-.^_`|~";
const HOST_MARKS = "-._~%";

/** Names of fields and methods (RFC 9110, 5.6.2): the byte in lower case, 0 where it may not stand. */
export const TOKEN: Uint8Array = table((byte) =>
  isAlphanumeric(byte) || TOKEN_MARKS.includes(String.fromCharCode(byte)) ? lowerCase(byte) : 0,
);

/** Values of fields (RFC 9110, 5.5): visible characters, space, tab and bytes beyond ASCII. */
export const VALUE: Uint8Array = table((byte) =>
  byte === TAB || (byte >= SPACE && byte < 0x7f) || byte >= 0x80 ? 1 : 0,
);

/** Request targets: visible ASCII but "#", which never leaves a client. Browsers send `{`, `|` and their like bare in queries. */
export const TARGET: Uint8Array = table((byte) => (byte > SPACE && byte < 0x7f && byte !== 0x23 ? 1 : 0));

/** Names and IPv4 addresses. RFC 3986 allows more marks, a comma among them, which no host has and two of them joined would. */
export const HOST: Uint8Array = table((byte) =>
  isAlphanumeric(byte) || HOST_MARKS.includes(String.fromCharCode(byte)) ? 1 : 0,
);

/** The value of a hexadecimal digit; 255 for anything else. */
export const HEX: Uint8Array = table((byte) => {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = lowerCase(byte);
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x61 + 10 : 255;
});

function table(entryOf: (byte: number) => number): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, byte) => entryOf(byte));
}

function isAlphanumeric(byte: number): boolean {
  const letter = lowerCase(byte);
  return (byte >= 0x30 && byte <= 0x39) || (letter >= 0x61 && letter <= 0x7a);
}

function lowerCase(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
}
