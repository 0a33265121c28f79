// `tenon/config`: values that come from outside the code.

export {
  type AnySecret,
  type Config,
  type ConfigOptions,
  config,
  type Defaults,
  type Secret,
  secret,
} from "@tenon/runtime";
