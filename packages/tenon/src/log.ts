// `tenon/log`: structured logs that know the call they were written in.
import { log } from "@tenon/runtime";

export { type FieldsObject, type FieldValue, type LogFields, type Logger, LogLevel, log } from "@tenon/runtime";

export default log;

export const trace = log.trace.bind(log);
export const debug = log.debug.bind(log);
export const info = log.info.bind(log);
export const warn = log.warn.bind(log);
export const error = log.error.bind(log);
