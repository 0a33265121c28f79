// For which system an image is: "linux/arm64". Containers are Linux; the word in front is kept because every tool writes it.
import { DeployError } from "../deploy-error.ts";

export interface Platform {
  readonly os: "linux";
  readonly architecture: string;
  /** "v8" of arm64 in some indexes. */
  readonly variant?: string;
}

/** What `process.arch` calls otherwise than the registries do. */
const architectureOf: Readonly<Record<string, string>> = { x64: "amd64", ia32: "386", arm: "arm" };

export function hostPlatform(): Platform {
  return { os: "linux", architecture: architectureOf[process.arch] ?? process.arch };
}

/** Throws DeployError `setting_invalid`. */
export function parsePlatform(text: string): Platform {
  const match = /^linux\/([a-z0-9_]+)(?:\/([a-z0-9]+))?$/.exec(text);
  if (match !== null) {
    const [, architecture, variant] = match;
    return { os: "linux", architecture: architecture!, ...(variant === undefined ? {} : { variant }) };
  }
  throw new DeployError(
    "setting_invalid",
    `--platform must be "linux/<architecture>", got "${text}"`,
    "For example linux/amd64, linux/arm64, or both separated by a comma.",
  );
}

export function platformText({ os, architecture, variant }: Platform): string {
  return variant === undefined ? `${os}/${architecture}` : `${os}/${architecture}/${variant}`;
}
