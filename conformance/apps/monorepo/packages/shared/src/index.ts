// Source, never built: what imports it brings it along.
export { lookUp, token } from "./look-up.js";
export * from "./types";

export enum Role {
  Admin = "admin",
  Member = "member",
}
