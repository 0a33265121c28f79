// What COPY needs of the driver's connection and its typings do not say.
import type { Socket } from "node:net";

export interface CopyConnection {
  readonly stream: Socket;
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
  sendCopyFail(message: string): void;
}
