/// <reference types="vitest" />
import path from "node:path";
import { defineConfig } from "vite";

export default defineConfig({
  resolve: {
    alias: { "~encore": path.resolve(__dirname, "./encore.gen") },
  },
});
