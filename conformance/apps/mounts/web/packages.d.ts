// The package is Express 4 under another name; what is used of it has the same types.
declare module "express4" {
  export { default, request, response } from "express";
}
