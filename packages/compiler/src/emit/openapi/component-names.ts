// Names for the `components` of an OpenAPI document, where only letters, digits, ".", "-" and "_" are allowed: "Page<User>" -> "Page_User".

/** Gives each name a key of its own; the same names give the same keys whatever their order. `taken` are keys that are used already. */
export function componentKeys(names: readonly string[], taken: readonly string[] = []): ReadonlyMap<string, string> {
  const used = new Set(taken);
  const keys = new Map<string, string>();
  const plain = (name: string) => componentKey(name) === name;
  // A name that needs no change keeps itself, whoever else would like to be called so.
  for (const name of [...names].sort((a, b) => Number(plain(b)) - Number(plain(a)) || (a < b ? -1 : 1))) {
    const wanted = componentKey(name);
    let key = wanted;
    for (let count = 2; used.has(key); count++) key = `${wanted}_${count}`;
    used.add(key);
    keys.set(name, key);
  }
  return keys;
}

function componentKey(name: string): string {
  const key = name.replaceAll("[]", " List").replace(/[^A-Za-z0-9._-]+/g, "_");
  return key.replace(/^_+|_+$/g, "") || "Type";
}
