import { tenon } from "tenon/vitest";
import { defineConfig } from "vitest/config";

export default defineConfig({ plugins: [tenon()], test: { testTimeout: 60_000 } });
