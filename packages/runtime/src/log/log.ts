// The logger that services import. Each line names the call it was written in, and is also an event on that call's span, so that it
// is found in the trace. Logging never throws.
import type { Attributes, AttributeValue } from "@tenon/model";
import { type CallContext, currentCall } from "../call/context.ts";
import { describeException, messageOf } from "../telemetry/exception-event.ts";
import { type LogLevel, severityOf } from "./level.ts";
import { isLevelOn, writeEntry } from "./output.ts";
import { type Plain, toPlain } from "./to-plain.ts";

/** Anything goes; what JSON cannot say (errors, dates, bigints, maps, cycles) is written in a readable form. */
export type LogFields = Readonly<Record<string, unknown>>;

/** The names of Encore.ts for the same. */
export type FieldValue = unknown;
export type FieldsObject = Record<string, FieldValue>;

export class Logger {
  private readonly fields: LogFields;
  private readonly minimum: LogLevel;

  constructor(fields: LogFields = {}, minimum: LogLevel = "trace") {
    this.fields = fields;
    this.minimum = minimum;
  }

  /** A logger that adds these fields to each of its lines. */
  with(fields: LogFields): Logger {
    return new Logger({ ...this.fields, ...fields }, this.minimum);
  }

  /** A logger that leaves out lines below `level`; it cannot write what the process as a whole leaves out. */
  withLevel(level: LogLevel): Logger {
    return new Logger(this.fields, level);
  }

  trace(message: string, fields?: LogFields): void {
    this.say("trace", message, fields);
  }

  debug(message: string, fields?: LogFields): void {
    this.say("debug", message, fields);
  }

  info(message: string, fields?: LogFields): void {
    this.say("info", message, fields);
  }

  warn(message: string, fields?: LogFields): void;
  warn(error: unknown, message: string, fields?: LogFields): void;
  warn(error: unknown, fields?: LogFields): void;
  warn(first: unknown, second?: string | LogFields, third?: LogFields): void {
    this.say("warn", first, second, third);
  }

  error(message: string, fields?: LogFields): void;
  error(error: unknown, message: string, fields?: LogFields): void;
  error(error: unknown, fields?: LogFields): void;
  error(first: unknown, second?: string | LogFields, third?: LogFields): void {
    this.say("error", first, second, third);
  }

  private say(level: LogLevel, first: unknown, second?: unknown, third?: unknown): void {
    if (!isLevelOn(level) || severityOf[level] < severityOf[this.minimum]) return;
    try {
      const isMessage = typeof first === "string" && typeof second !== "string";
      const message = isMessage ? first : typeof second === "string" ? second : messageOf(first);
      const given = typeof second === "string" ? third : second;
      const fields = plainFields(this.fields, given, isMessage ? undefined : first);
      const call = currentCall();
      writeEntry({ at: Date.now(), level, message, fields, call: call === undefined ? null : placeOf(call) });
      if (call?.span.sampled) {
        call.span.event("log", eventAttributes(level, message, fields, isMessage ? undefined : first));
      }
    } catch {
      // A log line is never worth the request it is about.
    }
  }
}

/** The logger of the app. */
export const log: Logger = new Logger();

function placeOf(call: CallContext): { service: string; endpoint: string; traceId: string; spanId: string } {
  return {
    service: call.service,
    endpoint: call.endpoint,
    traceId: call.span.traceId,
    spanId: call.span.spanId,
  };
}

function plainFields(own: LogFields, given: unknown, error: unknown): Record<string, Plain> {
  const fields: Record<string, Plain> = {};
  addFields(fields, own);
  if (typeof given === "object" && given !== null) addFields(fields, given);
  if (error !== undefined && error !== null) fields["error"] = toPlain(error);
  return fields;
}

function addFields(target: Record<string, Plain>, source: object): void {
  // toPlain and not a loop over the fields themselves: a getter among them may throw.
  const plain = toPlain(source);
  if (typeof plain === "object" && plain !== null && !Array.isArray(plain)) Object.assign(target, plain);
}

/** The same line as attributes, whose values may not be nested. An error gets OpenTelemetry's names. */
function eventAttributes(
  level: LogLevel,
  message: string,
  fields: Readonly<Record<string, Plain>>,
  error: unknown,
): Attributes {
  const attributes: Record<string, AttributeValue> = {};
  for (const key in fields) {
    const value = fields[key] ?? null;
    if (key === "error" && error !== undefined) Object.assign(attributes, describeException(error));
    else if (value !== null) attributes[key] = typeof value === "object" ? JSON.stringify(value) : value;
  }
  attributes["level"] = level;
  attributes["message"] = message;
  return attributes;
}
