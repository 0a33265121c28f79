// One header block of a tar archive (POSIX ustar), and where a path does not fit into it, the extended header (pax) in front. Owner, time and
// modes are always the same, so that equal content gives equal bytes.

export interface TarHeader {
  readonly kind: "file" | "directory" | "link";
  /** Relative, forward slashes, without one at the end. */
  readonly path: string;
  readonly mode: number;
  readonly sizeBytes: number;
  /** Where a symbolic link points; "" otherwise. */
  readonly target: string;
}

export const BLOCK_BYTES = 512;

const typeFlag: Readonly<Record<TarHeader["kind"], string>> = { file: "0", directory: "5", link: "2" };
const nameBytes = 100;
const prefixBytes = 155;
/** Eleven octal digits. */
const maxSizeBytes = 0o77777777777;

/** One block, or three where path or target are long. */
export function tarHeader(header: TarHeader): Uint8Array {
  const path = header.kind === "directory" ? `${header.path}/` : header.path;
  const split = splitPath(path);
  const isShort = split !== undefined && Buffer.byteLength(header.target) <= nameBytes;
  const [prefix, name] = split ?? ["", cut(path)];
  const own = block({ ...header, target: cut(header.target) }, prefix, name, typeFlag[header.kind]);
  if (isShort) return own;
  const records = Buffer.from(
    [
      ...(split === undefined ? [paxRecord("path", path)] : []),
      ...(Buffer.byteLength(header.target) <= nameBytes ? [] : [paxRecord("linkpath", header.target)]),
    ].join(""),
  );
  const extended: TarHeader = { kind: "file", path: "", mode: 0o644, sizeBytes: records.length, target: "" };
  return Buffer.concat([block(extended, "", "PaxHeaders/path", "x"), records, padding(records.length), own]);
}

/** Zeros up to the next block. */
export function padding(sizeBytes: number): Uint8Array {
  return new Uint8Array((BLOCK_BYTES - (sizeBytes % BLOCK_BYTES)) % BLOCK_BYTES);
}

function block({ mode, sizeBytes, target }: TarHeader, prefix: string, name: string, flag: string): Uint8Array {
  if (sizeBytes > maxSizeBytes) throw new RangeError(`a file of ${sizeBytes} bytes does not fit into a tar archive`);
  const bytes = Buffer.alloc(BLOCK_BYTES);
  bytes.write(name, 0);
  bytes.write(octal(mode, 7), 100);
  // Everything belongs to root, so that the app, which does not run as root, cannot change itself.
  bytes.write(octal(0, 7), 108);
  bytes.write(octal(0, 7), 116);
  bytes.write(octal(sizeBytes, 11), 124);
  bytes.write(octal(0, 11), 136);
  bytes.write(" ".repeat(8), 148);
  bytes.write(flag, 156);
  bytes.write(target, 157);
  bytes.write("ustar\0" + "00", 257);
  bytes.write(prefix, 345);
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  bytes.write(`${octal(sum, 6)}\0 `, 148);
  return bytes;
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, "0");
}

/** [prefix, name] of ustar; undefined: the path fits into no split, or is not ASCII, which ustar leaves undefined. */
function splitPath(path: string): [prefix: string, name: string] | undefined {
  if (!/^[\x20-\x7e]*$/.test(path)) return undefined;
  if (path.length <= nameBytes) return ["", path];
  const slash = path.indexOf("/", path.length - nameBytes - 1);
  const isSplit = slash > 0 && slash <= prefixBytes && slash < path.length - 1;
  return isSplit ? [path.slice(0, slash), path.slice(slash + 1)] : undefined;
}

/** For readers that know no pax; the extended header has the whole. */
function cut(text: string): string {
  return Buffer.from(text)
    .subarray(0, nameBytes)
    .toString("latin1")
    .replaceAll(/[^\x20-\x7e]/g, "_");
}

/** "<length> <key>=<value>\n", where the length counts its own digits. */
function paxRecord(key: string, value: string): string {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest + String(rest).length;
  if (rest + String(length).length !== length) length = rest + String(length).length;
  return `${length} ${key}=${value}\n`;
}
