// `tenon/config`: values that come from outside the code.

export { type AnySecret, type Secret, secret } from "@tenon/runtime";
