// The machine's Chromium, for what only a real browser can show. Nothing is downloaded: without one, such tests are skipped.
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";

const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"];

/** undefined: there is none at CHROMIUM_PATH, by default /usr/bin/chromium. */
export function chromiumPath() {
  const path = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";
  return existsSync(path) ? path : undefined;
}

export function startBrowser(executablePath) {
  return chromium.launch({ executablePath, args: flags });
}
