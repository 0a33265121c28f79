// The built pages from one folder. Paths of the pages' own router get index.html; nothing outside of the folder is ever read.
import { readFile } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { extname, join, sep } from "node:path";
import { RequestError } from "./errors.ts";

const TYPE_OF: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".map": "application/json; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".txt": "text/plain; charset=utf-8",
};

/**
 * Pages load nothing from elsewhere and are shown in nobody's frame. React sets style attributes, hence the first exception; the API
 * explorer opens the app's streams, hence the second.
 */
const PAGE_POLICY =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
  "connect-src 'self' ws://127.0.0.1:* ws://localhost:*; frame-ancestors 'none'";

/** `path` is the path of the URL, still percent-encoded. */
export async function servePage(response: ServerResponse, webDir: string, path: string): Promise<void> {
  const name = fileNameOf(path);
  const hasExtension = extname(name) !== "";
  const found = hasExtension ? name : "/index.html";
  const body = await readIfThere(join(webDir, found));
  if (body === null) {
    if (hasExtension) throw new RequestError("not_found", `there is no ${path}`);
    throw new RequestError("not_found", "the dashboard's pages are not built; run npm run build. The API works");
  }
  response.writeHead(200, {
    "content-type": TYPE_OF[extname(found)] ?? "application/octet-stream",
    "content-length": body.length,
    // Vite puts a hash of the content into the names of assets.
    "cache-control": found.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache",
    "content-security-policy": PAGE_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
  });
  response.end(body);
}

function fileNameOf(path: string): string {
  let name: string;
  try {
    name = decodeURIComponent(path);
  } catch {
    throw new RequestError("invalid_argument", "the path is not percent-encoded correctly");
  }
  const parts = name.split(/[/\\]/);
  // Hidden files are never part of the pages: the build leaves one there.
  if (parts.some((part) => part.startsWith(".")) || name.includes("\0") || (sep === "\\" && name.includes(":"))) {
    throw new RequestError("not_found", `there is no ${path}`);
  }
  return name;
}

async function readIfThere(file: string): Promise<Buffer | null> {
  try {
    return await readFile(file);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "ENOTDIR" || code === "EISDIR") return null;
    throw error;
  }
}
