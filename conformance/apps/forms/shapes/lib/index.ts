export * from "./endpoints.js";
