// `tenon/internal/auth`: what the generated `~tenon/auth` is made of. Not for hand-written code.
export { getAuthData } from "@tenon/runtime";
