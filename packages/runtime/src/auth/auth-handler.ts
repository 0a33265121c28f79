// The declaration of an auth handler: code that turns what a request carries into who is asking.

declare const contract: unique symbol;

/** What `authHandler` returns: the function itself, which says in its type what it takes and gives. */
export interface AuthHandler<Params extends object, Data extends object> {
  (params: Params): Promise<Data | null>;
  readonly [contract]: { readonly params: Params; readonly data: Data };
}

// biome-ignore lint/suspicious/noExplicitAny: any auth handler, whatever it takes and gives
export type AnyAuthHandler = AuthHandler<any, any>;

/** Keeps what the handler found out about equal parameters, so that it need not look again for every request. */
export interface AuthCacheOptions {
  /** How long a caller stays known, in milliseconds: for so long a revoked credential may still be accepted. */
  readonly ttlMs: number;
  /** How many callers are remembered; the one not seen for the longest is forgotten first. Default 10,000. */
  readonly maxEntries?: number;
}

export interface AuthHandlerOptions {
  /** Default: none, the handler runs for every request that carries its parameters. */
  readonly cache?: AuthCacheOptions;
}

const optionsOf = new WeakMap<object, AuthHandlerOptions>();

/**
 * Declares an auth handler and gives it to a gateway. Its parameters are fields in headers, cookies or the query. It runs in front of
 * every request that carries any of them, and returns what endpoints may know of the caller (`getAuthData()` of `~tenon/auth`), or
 * null for nobody. Throwing `APIError.unauthenticated` means nobody as well: endpoints with `auth: true` answer with that error,
 * the others serve an anonymous caller. Any other error ends the request.
 *
 * ```ts
 * interface AuthParams { authorization: Header<"Authorization"> }
 * export const auth = authHandler(async ({ authorization }: AuthParams) => {
 *   const user = await findUserByToken(authorization.replace("Bearer ", ""));
 *   return user === undefined ? null : { userID: user.id, role: user.role };
 * });
 * export const gateway = new Gateway({ authHandler: auth });
 * ```
 */
export function authHandler<Params extends object, Data extends object>(
  handler: (params: Params) => Promise<Data | null> | Data | null,
  options: AuthHandlerOptions = {},
): AuthHandler<Params, Data> {
  optionsOf.set(handler, options);
  return handler as AuthHandler<Params, Data>;
}

export function optionsOfAuthHandler(handler: object): AuthHandlerOptions {
  return optionsOf.get(handler) ?? {};
}

/** The data that an auth handler, or those of a gateway, give. */
export type AuthDataOf<Source> = Source extends { readonly [contract]: { readonly data: infer Data } }
  ? Data
  : Source extends { readonly authHandler: { readonly [contract]: { readonly data: infer Data } } }
    ? Data
    : never;
