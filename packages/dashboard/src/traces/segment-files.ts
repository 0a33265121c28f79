// The folder of segments: appends to the newest, starts a new one when it is full, deletes the oldest when there are too many.
// Writes are synchronous: a batch is one write into the page cache, and the order of blocks is then never in doubt.
import fs from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { type Block, readBlocks } from "./segment.ts";

export interface SegmentLimits {
  readonly segmentBytes: number;
  readonly maxSegments: number;
}

const FILE_NAME = /^traces-(\d{6,})\.ndjson$/;

export class SegmentFiles {
  private readonly folder: string;
  private readonly limits: SegmentLimits;
  /** Numbers of the existing segments, oldest first. */
  private numbers: number[];
  private descriptor: number | null = null;
  private size = 0;
  private last: number;

  constructor(folder: string, limits: SegmentLimits) {
    this.folder = folder;
    this.limits = limits;
    // Traces show requests: nobody else on the machine has business with them.
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.numbers = fs
      .readdirSync(folder)
      .flatMap((name) => FILE_NAME.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((left, right) => left - right);
    this.last = this.numbers.at(-1) ?? 0;
  }

  /** Calls back for each block there is, oldest first, and cuts off what a crash left behind the last one. */
  load(onBlock: (segment: number, block: Block) => void): void {
    this.deleteOldest(this.limits.maxSegments);
    for (const number of this.numbers) {
      const bytes = fs.readFileSync(this.fileOf(number));
      const { blocks, end } = readBlocks(bytes);
      for (const block of blocks) onBlock(number, block);
      if (number !== this.last) continue;
      if (end < bytes.length) fs.truncateSync(this.fileOf(number), end);
      this.size = end;
    }
  }

  /** Where the bytes went. `onDelete` is told which segments are gone to make room. */
  append(bytes: Buffer, onDelete: (segments: readonly number[]) => void): { segment: number; offset: number } {
    if (this.last === 0 || (this.size > 0 && this.size + bytes.length > this.limits.segmentBytes)) {
      this.startSegment();
      const deleted = this.deleteOldest(this.limits.maxSegments);
      if (deleted.length > 0) onDelete(deleted);
    }
    this.descriptor ??= fs.openSync(this.fileOf(this.last), "a", 0o600);
    const offset = this.size;
    let written = 0;
    try {
      while (written < bytes.length) written += fs.writeSync(this.descriptor, bytes, written);
    } finally {
      // Also after a full disk: the next block must know where it begins.
      this.size += written;
    }
    return { segment: this.last, offset };
  }

  async read(segment: number, offset: number, length: number): Promise<string> {
    const file = await open(this.fileOf(segment), "r");
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, offset);
      return buffer.toString("utf8", 0, bytesRead);
    } finally {
      await file.close();
    }
  }

  clear(): void {
    this.closeDescriptor();
    this.deleteOldest(0);
    this.last = 0;
    this.size = 0;
  }

  close(): void {
    this.closeDescriptor();
  }

  private startSegment(): void {
    this.closeDescriptor();
    this.last++;
    this.numbers.push(this.last);
    this.size = 0;
  }

  private deleteOldest(keep: number): number[] {
    const deleted = this.numbers.splice(0, Math.max(0, this.numbers.length - keep));
    for (const number of deleted) fs.rmSync(this.fileOf(number), { force: true });
    return deleted;
  }

  private closeDescriptor(): void {
    if (this.descriptor !== null) fs.closeSync(this.descriptor);
    this.descriptor = null;
  }

  private fileOf(number: number): string {
    return join(this.folder, `traces-${String(number).padStart(6, "0")}.ndjson`);
  }
}
