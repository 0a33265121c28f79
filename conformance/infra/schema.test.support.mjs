// As much of JSON Schema as infra.schema.json uses: whether a value fits, and values that use everything there is.

/** @returns {string[]} where the value does not fit */
export function misfits(schema, value, root = schema, at = "") {
  if (schema.$ref !== undefined) return misfits(root.$defs[schema.$ref.slice("#/$defs/".length)], value, root, at);
  if (schema.anyOf !== undefined) {
    const tried = schema.anyOf.map((one) => misfits(one, value, root, at));
    return tried.some((found) => found.length === 0) ? [] : [`${at}: no alternative fits`];
  }
  const found = [];
  const says = (isRight, what) => {
    if (!isRight) found.push(`${at}: ${what}`);
  };
  if (schema.const !== undefined || schema.enum !== undefined)
    says((schema.enum ?? [schema.const]).includes(value), "value");
  if (schema.type !== undefined) says(isOf(schema.type, value), `no ${schema.type}`);
  if (schema.minimum !== undefined) says(!(value < schema.minimum), "too small");
  if (Array.isArray(value)) {
    says(value.length <= (schema.maxItems ?? value.length), "too many");
    says(value.length >= (schema.minItems ?? 0), "too few");
    for (const [i, item] of value.entries()) found.push(...misfits(schema.items ?? {}, item, root, `${at}[${i}]`));
  } else if (typeof value === "object" && value !== null) {
    for (const name of schema.required ?? []) says(value[name] !== undefined, `lacks ${name}`);
    for (const [name, item] of Object.entries(value)) {
      const own = schema.properties?.[name] ?? schema.additionalProperties;
      if (own === false) found.push(`${at}.${name}: unknown`);
      else if (typeof own === "object") found.push(...misfits(own, item, root, `${at}.${name}`));
    }
  }
  return found;
}

function isOf(type, value) {
  if (type === "integer") return Number.isInteger(value);
  if (type === "array") return Array.isArray(value);
  if (type === "object") return typeof value === "object" && value !== null && !Array.isArray(value);
  return typeof value === type;
}

/** A value with every property there is; `choice` picks one of the alternatives, everywhere. */
export function fullValue(schema, choice, root = schema) {
  if (schema.$ref === "#/$defs/text") return "text";
  if (schema.$ref !== undefined) return fullValue(root.$defs[schema.$ref.slice("#/$defs/".length)], choice, root);
  if (schema.anyOf !== undefined) return fullValue(schema.anyOf[choice % schema.anyOf.length], choice, root);
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  if (schema.type === "array") return [fullValue(schema.items, choice, root)];
  if (schema.type !== "object")
    return { string: "text", boolean: false, number: 1, integer: 1 }[schema.type] ?? "anything";
  const { properties = {}, additionalProperties } = schema;
  const own = Object.entries(properties).map(([name, one]) => [name, fullValue(one, choice, root)]);
  const open = typeof additionalProperties === "object" ? [["any", fullValue(additionalProperties, choice, root)]] : [];
  return Object.fromEntries([...own, ...open]);
}
