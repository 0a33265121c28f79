// Writes an app of many services with the kinds of types that real ones have: brands, enums, unions with a discriminant, generics, mapped,
// conditional and recursive types, a library's types, inferred results, and calls from each service to another.
// Each service has ten endpoints. Alone: `node generate-app.mjs <folder> [services]`.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { serviceFiles } from "./service-template.mjs";

export const endpointsPerService = 10;

/** Replaces the folder. */
export function generateApp(folder, services) {
  rmSync(folder, { recursive: true, force: true });
  const files = { ...appFiles, ...libraryFiles };
  for (let index = 0; index < services; index++) {
    for (const [path, text] of Object.entries(serviceFiles(index, services))) files[path] = text;
  }
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

const appFiles = {
  "tenon.json": '{ "id": "bench" }\n',
  "package.json": '{ "name": "bench-app", "private": true, "type": "module" }\n',
  "tsconfig.json": `${JSON.stringify(
    {
      compilerOptions: {
        target: "es2022",
        module: "esnext",
        moduleResolution: "bundler",
        lib: ["es2023"],
        types: ["node"],
        strict: true,
        isolatedModules: true,
        allowImportingTsExtensions: true,
        skipLibCheck: true,
        noEmit: true,
        paths: { "~tenon/*": ["./.tenon/gen/*"] },
      },
    },
    null,
    2,
  )}\n`,
  "shared/types.ts": `import type { Money } from "@acme/contracts";

declare const brand: unique symbol;
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };
export type CustomerId = Brand<string, "CustomerId">;
export type OrderId = Brand<string, "OrderId">;

export type Nullable<T> = { [Key in keyof T]: T[Key] | null };
export type Patch<T> = T extends Date | string | number | boolean | null | undefined
  ? T
  : T extends (infer Item)[]
    ? Patch<Item>[]
    : { [Key in keyof T]?: Patch<T[Key]> };

export type Outcome<T> = { ok: true; value: T } | { ok: false; problem: Problem };
export interface Problem {
  code: "missing" | "invalid" | "internal";
  message: string;
  details?: Record<string, unknown>;
}

/** In every entity of every service. */
export interface Audit {
  createdAt: Date;
  updatedAt: Date;
  createdBy: CustomerId;
}

export interface Discount {
  percent: number;
  atLeast: Money;
}
`,
};

const libraryFiles = {
  "node_modules/@acme/contracts/package.json": `${JSON.stringify({
    name: "@acme/contracts",
    version: "1.0.0",
    type: "module",
    exports: { ".": { types: "./index.d.ts", default: "./index.js" } },
  })}\n`,
  "node_modules/@acme/contracts/index.js": "export {};\n",
  "node_modules/@acme/contracts/index.d.ts": `/** Where something is sent. */
export interface Address {
  street: string;
  city: string;
  zip: string;
  country: "DE" | "FR" | "GB" | "US";
  position?: { latitude: number; longitude: number };
}
export interface Paged<T> {
  items: T[];
  total: number;
  next?: string | null;
}
export interface Money {
  currency: "EUR" | "GBP" | "USD";
  cents: number;
}
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
`,
};

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [folder, services = "50"] = process.argv.slice(2);
  if (folder === undefined) throw new Error("usage: generate-app.mjs <folder> [services]");
  generateApp(folder, Number(services));
}
