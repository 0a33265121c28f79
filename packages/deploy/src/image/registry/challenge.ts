// What a registry says that it wants to see before it serves: the header `WWW-Authenticate` (RFC 9110, section 11.6.1), with the parameters of
// the token protocol of the distribution project.

export type Challenge =
  | { readonly scheme: "basic" }
  | {
      readonly scheme: "bearer";
      /** Where tokens are given out. */
      readonly realm: string;
      readonly service: string | undefined;
      readonly scope: string | undefined;
    };

/** The bearer one if there are several; undefined: none that is known. */
export function parseChallenge(header: string): Challenge | undefined {
  const bearer = /(?:^|,\s*)bearer\s+(.*)$/i.exec(header)?.[1];
  if (bearer !== undefined) {
    const parameters = new Map(
      [...bearer.matchAll(/([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/g)].map(([, name, quoted, plain]) => [
        name!.toLowerCase(),
        quoted === undefined ? plain! : quoted.replaceAll(/\\(.)/g, "$1"),
      ]),
    );
    const realm = parameters.get("realm");
    if (realm !== undefined && URL.canParse(realm)) {
      return { scheme: "bearer", realm, service: parameters.get("service"), scope: parameters.get("scope") };
    }
  }
  return /(?:^|,\s*)basic\b/i.test(header) ? { scheme: "basic" } : undefined;
}
