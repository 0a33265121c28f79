import * as tenon from "tenon/api";

const viaNamespace = tenon.api({ path: "/shapes/named-default", method: "GET", expose: true }, async () => ({
  form: "named default",
}));

export default viaNamespace;
