// For which platform a native addon was made, from the first bytes of its file: ELF, Mach-O or PE.
import { open } from "node:fs/promises";

/** In the words of `process.platform` and `process.arch`; null: of several, or of one that Tenon does not know. */
export interface NativePlatform {
  readonly os: string;
  readonly cpu: string | null;
}

const headBytes = 4096;

/** null: it is no native code. */
export async function nativePlatform(file: string): Promise<NativePlatform | null> {
  const handle = await open(file);
  try {
    const head = Buffer.alloc(headBytes);
    const { bytesRead } = await handle.read(head, 0, headBytes, 0);
    return bytesRead < 64 ? null : platformIn(head);
  } finally {
    await handle.close();
  }
}

function platformIn(head: Buffer): NativePlatform | null {
  switch (head.readUInt32BE(0)) {
    // ELF: e_machine.
    case 0x7f454c46:
      return { os: "linux", cpu: elfMachines.get(head.readUInt16LE(18)) ?? null };
    // Mach-O, 64 bit: cputype. Several in one file begin otherwise.
    case 0xcffaedfe:
      return { os: "darwin", cpu: machTypes.get(head.readUInt32LE(4)) ?? null };
    case 0xcafebabe:
      return { os: "darwin", cpu: null };
  }
  // PE: "MZ", and the place of the header with the machine.
  const header = head.readUInt32LE(0x3c);
  if (head.readUInt16BE(0) !== 0x4d5a || header + 6 > headBytes) return null;
  return { os: "win32", cpu: peMachines.get(head.readUInt16LE(header + 4)) ?? null };
}

const elfMachines = new Map([
  [3, "ia32"],
  [40, "arm"],
  [62, "x64"],
  [183, "arm64"],
]);
const machTypes = new Map([
  [0x01000007, "x64"],
  [0x0100000c, "arm64"],
]);
const peMachines = new Map([
  [0x14c, "ia32"],
  [0x8664, "x64"],
  [0xaa64, "arm64"],
]);
