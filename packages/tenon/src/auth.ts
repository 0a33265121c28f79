// `tenon/auth`: finds out who is asking.
export {
  type AuthCacheOptions,
  type AuthDataOf,
  type AuthHandler,
  type AuthHandlerOptions,
  authHandler,
} from "@tenon/runtime";
