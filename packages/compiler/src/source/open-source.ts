// Opens the TypeScript that analyses an app: the native one, or the classic one where that cannot start or is asked for.
import type { TypeSource } from "./type-source.ts";

export interface OpenOptions {
  readonly typescript: "native" | "classic";
  readonly deadlineMs?: number;
  /** The native executable; default: the installed one. */
  readonly executable?: string;
}

export interface OpenedSource {
  readonly source: TypeSource;
  /** Why it is not the one asked for; null when it is. */
  readonly fallbackReason: string | null;
}

/** `TENON_TYPESCRIPT=classic` forces the classic one, `native` the native one; else what the caller asks for, else native. */
export function chosenTypeScript(asked: "native" | "classic" | undefined): "native" | "classic" {
  const forced = process.env["TENON_TYPESCRIPT"];
  return forced === "classic" || forced === "native" ? forced : (asked ?? "native");
}

export async function openTypeSource(configFile: string, options: OpenOptions): Promise<OpenedSource> {
  let fallbackReason: string | null = null;
  if (options.typescript === "native") {
    try {
      const { NativeSource } = await import("./native.ts");
      const source = new NativeSource(options);
      await source.open(configFile);
      return { source, fallbackReason };
    } catch (error) {
      fallbackReason = error instanceof Error ? error.message : String(error);
    }
  }
  const { ClassicSource } = await import("./classic.ts");
  const source = new ClassicSource();
  await source.open(configFile);
  return { source, fallbackReason };
}
