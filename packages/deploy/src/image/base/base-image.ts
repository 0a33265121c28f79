// What the app's layers are put on: a system with Node in it, from a registry or made of this machine's parts.
import type { Layer } from "../layer.ts";
import type { Platform } from "../platform.ts";

export interface BaseImage {
  readonly platform: Platform;
  readonly layers: readonly Layer[];
  /** Entries of `history` as they stand in the base. */
  readonly history: readonly object[];
  /** "NAME=value". */
  readonly env: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  /** Folder of its `node`, where the image says one; otherwise it is found in its PATH. */
  readonly nodeFolder?: string;
}
