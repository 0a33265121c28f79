// What can be set of `tenon image`: on the command line, or below `deploy.image` in tenon.json.
import type { Setting } from "../target.ts";

/** Small, no shell, Debian's libraries, certificates, amd64 and arm64 among others; docs/decisions/0048 says why this one. */
export const DEFAULT_BASE = "gcr.io/distroless/nodejs24-debian13:nonroot";
/** In place of a base image's name: this machine's parts. */
export const OFFLINE_BASE = "offline";

export const imageSettings: Readonly<Record<string, Setting>> = {
  base: {
    type: "string",
    value: "REF",
    summary: `the image below the app, from its registry, or "${OFFLINE_BASE}": of this machine's parts (${DEFAULT_BASE})`,
    default: DEFAULT_BASE,
  },
  node: {
    type: "string",
    value: "VERSION",
    summary: `with --base ${OFFLINE_BASE}: the Node to put in, from npm (the one that runs this command)`,
  },
  platform: { type: "list", value: "A,B", summary: "linux/amd64, linux/arm64 ... (that of this machine)", default: [] },
  imagePrefix: { type: "string", value: "PREFIX", summary: "what names begin with: ghcr.io/acme (the app's name)" },
  tag: { type: "string", value: "TAG", summary: "what names end with (latest)", default: "latest" },
  perUnit: {
    type: "boolean",
    summary: "one image for each process of the placement, with its own services only",
    default: false,
  },
  label: {
    type: "list",
    value: "K=V,...",
    summary: "labels beside those that Tenon gives",
    default: [],
    check: (value) =>
      (value as readonly string[]).every((item) => item.indexOf("=") > 0) ? undefined : "must be name=value, ...",
  },
};
