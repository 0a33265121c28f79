// The runtime's error catalogue: every way a request can be refused and every way a process can fail to start, with a stable word,
// the status or advice that goes with it. docs/reference/errors.md lists the same words; a test holds the two together.
import type { ErrorCode } from "@tenon/model";

interface RequestErrorEntry {
  readonly code: ErrorCode;
  /** Differs from the code's own status where HTTP has a more exact one. */
  readonly status: number;
  /** `{name}` places are filled in by `requestError`. */
  readonly message: string;
  /** The same request may succeed later without a change. */
  readonly retryable: boolean;
}

/** What the framework itself answers with; a handler's own errors are APIErrors. */
export const requestErrors = {
  malformed_request: {
    code: "invalid_argument",
    status: 400,
    message: "the request is not valid HTTP/1.1: {reason}",
    retryable: false,
  },
  request_too_slow: {
    code: "deadline_exceeded",
    status: 408,
    message: "the request did not arrive in time",
    retryable: true,
  },
  transfer_coding_unsupported: {
    code: "unimplemented",
    status: 501,
    message: "the request is not valid HTTP/1.1: {reason}",
    retryable: false,
  },
  http_version_unsupported: {
    code: "unimplemented",
    status: 505,
    message: "the request is not valid HTTP/1.1: {reason}",
    retryable: false,
  },
  headers_too_large: {
    code: "invalid_argument",
    status: 431,
    message: "the request's headers are larger than {limitBytes} bytes",
    retryable: false,
  },
  bad_path_encoding: {
    code: "invalid_argument",
    status: 400,
    message: 'the path segment "{segment}" is not valid percent-encoded UTF-8',
    retryable: false,
  },
  route_not_found: {
    code: "not_found",
    status: 404,
    message: "there is no endpoint {method} {path}",
    retryable: false,
  },
  file_not_found: {
    code: "not_found",
    status: 404,
    message: "there is no file {path}",
    retryable: false,
  },
  method_not_allowed: {
    code: "unimplemented",
    status: 405,
    message: "{path} does not answer {method}; it answers {allow}",
    retryable: false,
  },
  body_too_large: {
    code: "invalid_argument",
    status: 413,
    message: "the request body is larger than the {limitBytes} bytes this endpoint accepts",
    retryable: false,
  },
  unsupported_content_type: {
    code: "invalid_argument",
    status: 415,
    message: 'the request body must be application/json, got "{contentType}"',
    retryable: false,
  },
  unsupported_content_encoding: {
    code: "invalid_argument",
    status: 415,
    message: 'the request body must not be compressed, got content-encoding "{contentEncoding}"',
    retryable: false,
  },
  body_not_utf8: {
    code: "invalid_argument",
    status: 400,
    message: "the request body is not valid UTF-8",
    retryable: false,
  },
  malformed_json: {
    code: "invalid_argument",
    status: 400,
    message: "the request body is not valid JSON: {reason} at line {line}, column {column}",
    retryable: false,
  },
  invalid_request: {
    code: "invalid_argument",
    status: 400,
    message: "the request to {endpoint} is not valid: {summary}",
    retryable: false,
  },
  upgrade_required: {
    code: "failed_precondition",
    status: 426,
    message: "{endpoint} is a stream: connect to it with a WebSocket",
    retryable: false,
  },
  invalid_message: {
    code: "invalid_argument",
    status: 400,
    message: "a message to {endpoint} is not valid: {summary}",
    retryable: false,
  },
  message_too_large: {
    code: "invalid_argument",
    status: 413,
    message: "a message to {endpoint} is larger than it accepts",
    retryable: false,
  },
  reader_too_slow: {
    code: "resource_exhausted",
    status: 429,
    message: "the other side of {endpoint} does not read what is sent to it",
    retryable: true,
  },
  stream_ended: {
    code: "out_of_range",
    status: 400,
    message: "the other side of {endpoint} has nothing more to say",
    retryable: false,
  },
  stream_closed: {
    code: "failed_precondition",
    status: 400,
    message: "the stream of {endpoint} has been closed on this side",
    retryable: false,
  },
  stream_broken: {
    code: "unavailable",
    status: 503,
    message: "the stream of {endpoint} broke off",
    retryable: true,
  },
  stream_stopping: {
    code: "unavailable",
    status: 503,
    message: "the process that serves {endpoint} is stopping; connect again",
    retryable: true,
  },
  credential_refused: {
    code: "unauthenticated",
    status: 401,
    message: "this port serves other processes of the app only; the x-tenon-credential header is missing or wrong",
    retryable: false,
  },
  authentication_required: {
    code: "unauthenticated",
    status: 401,
    message: "{endpoint} answers authenticated callers only",
    retryable: false,
  },
  auth_params_invalid: {
    code: "unauthenticated",
    status: 401,
    message: "what the request shows of its caller is not valid: {reason}",
    retryable: false,
  },
  auth_data_invalid: {
    code: "invalid_argument",
    status: 400,
    message: "the authData of the call does not match what an auth handler gives: {reason}",
    retryable: false,
  },
  auth_data_too_large: {
    code: "internal",
    status: 500,
    message: "the data of the auth handler {handler} is larger than {limitBytes} bytes",
    retryable: false,
  },
  endpoint_not_hosted: {
    code: "unimplemented",
    status: 501,
    message: "the process that was asked for {endpoint} does not host it",
    retryable: false,
  },
  cron_job_unknown: {
    code: "not_found",
    status: 404,
    message: 'there is no cron job "{job}" here',
    retryable: false,
  },
  service_unreachable: {
    code: "unavailable",
    status: 503,
    message: "the service {service} could not be reached",
    retryable: true,
  },
  not_ready: {
    code: "unavailable",
    status: 503,
    message: "the app is not ready: it is starting, or it does not build",
    retryable: true,
  },
  address_unknown: {
    code: "unavailable",
    status: 503,
    message: "no address is configured for the service {service}",
    retryable: true,
  },
  deadline_passed: {
    code: "deadline_exceeded",
    status: 504,
    message: "{endpoint} did not answer before its deadline",
    retryable: true,
  },
  call_canceled: {
    code: "canceled",
    status: 499,
    message: "the caller of {endpoint} went away",
    retryable: true,
  },
  internal_error: {
    code: "internal",
    status: 500,
    message: "an internal error occurred",
    retryable: false,
  },
} as const satisfies Record<string, RequestErrorEntry>;

export type RequestErrorName = keyof typeof requestErrors;

interface HostErrorEntry {
  readonly message: string;
  readonly hint: string;
}

/** Why a process could not start or cannot do what the app asks of it outside of a request. */
export const hostErrors = {
  build_unreadable: {
    message: "the build in {buildDir} cannot be read: {reason}",
    hint: "Run `tenon build` again, or point at the folder it wrote.",
  },
  service_unknown: {
    message: 'the build has no service "{service}"; it has {known}',
    hint: "Check the names given to --services.",
  },
  secrets_missing: {
    message: "secrets without a value: {secrets}",
    hint: 'In development put lines such as NAME=value into .env.local in the app\'s folder; in production set them under "secrets" in infra.json.',
  },
  secret_unknown: {
    message: 'the secret "{secret}" has no value in this process',
    hint: 'Declare it at the top of a module with secret("{secret}") and set it in .env.local or infra.json.',
  },
  service_import_failed: {
    message: 'the service "{service}" failed while its modules were loaded: {reason}',
    hint: "The stack shows the line; code at the top of a module runs when the process starts.",
  },
  config_invalid: {
    message: "the configuration does not fit its types:{problems}",
    hint: "docs/reference/config.md says where settings come from.",
  },
  service_init_failed: {
    message: 'the service "{service}" failed in init: {reason}',
    hint: "`init` of its `new Service(...)` threw or took too long; the stack shows the line.",
  },
  databases_unreachable: {
    message: "services with an `init` wait for their databases, and these do not answer: {databases}",
    hint: "See whether the database server runs and whether this machine may connect to it.",
  },
  codecs_import_failed: {
    message: 'the generated codecs of the service "{service}" cannot be loaded: {reason}',
    hint: "Delete .tenon/ and build again; if that does not help, report it.",
  },
  handler_missing: {
    message: "the bundle of {service} does not export a handler for {endpoint}",
    hint: "The build is not of one piece: delete .tenon/ and build again.",
  },
  gateway_missing: {
    message: 'the gateway "{name}" was not made while {service} was loaded',
    hint: "Make it at the top level of its module, with `new Gateway(...)`.",
  },
  auth_handler_missing: {
    message: 'the auth handler "{name}" cannot be found among what {service} has loaded',
    hint: "Export it, or give it to a gateway in the same file.",
  },
  codec_missing: {
    message: "the generated codecs of {service} have none for {endpoint}",
    hint: "The build is not of one piece: delete .tenon/ and build again.",
  },
  subscription_missing: {
    message: "the bundle of {service} does not declare the subscription {subscription}",
    hint: "The build is not of one piece: delete .tenon/ and build again.",
  },
  guarantee_impossible: {
    message: "the app declares what its broker cannot keep: {reason}",
    hint: "Name another engine in infra.json (pubsub), or declare less.",
  },
  cron_store_unavailable: {
    message: "the runs of cron jobs cannot be written down: {reason}",
    hint: "They are kept in the schema tenon_cron of the service's database: check that it can be reached and that its role may create it.",
  },
  broker_unavailable: {
    message: "the broker for the app's messages cannot be used: {reason}",
    hint: "Check the address in infra.json (pubsub) and that the server runs and lets this process in.",
  },
  engine_missing: {
    message: 'infra.json keeps messages by "{module}", which is not installed',
    hint: "Run `npm install {module}` in the app's folder, and `tenon build` again.",
  },
  engine_unusable: {
    message: 'the engine "{module}" of infra.json cannot be used: {reason}',
    hint: "docs/guides/engines.md says what the package of an engine exports.",
  },
  outbox_unprepared: {
    message:
      'the database "{database}" has no tables for the messages of its transactions, and this role may not make them: {reason}',
    hint: "Run `tenon migrate` (or `node main.js migrate`) with a role that may create a schema, and let this one use the schema tenon_outbox.",
  },
  route_conflict: {
    message: "{first} and {second} both answer {method} {path}",
    hint: "Change the path or the method of one of them.",
  },
  address_in_use: {
    message: "{address} is already in use",
    hint: "Stop the process that listens there, or choose another port with --port.",
  },
  address_unusable: {
    message: "cannot listen on {address}: {reason}",
    hint: "Choose an address of this machine and a port above 1023, or a socket path that is writable and shorter than 104 bytes.",
  },
  host_already_running: {
    message: "this process already hosts services",
    hint: "Close the running host first, or start another process.",
  },
  no_host: {
    message: "{endpoint} was called in a process that hosts no Tenon services",
    hint: "Run the code with `tenon dev`, `tenon start` or `tenon test`.",
  },
  remote_malformed: {
    message: 'the address "{address}" of the service {service} is not usable',
    hint: 'Write it as "http://host:port", "https://host" or "unix:/path/to.sock".',
  },
} as const satisfies Record<string, HostErrorEntry>;

export type HostErrorCode = keyof typeof hostErrors;

/** Fills `{name}` places of a catalogue message. */
export function fillMessage(template: string, values: Readonly<Record<string, string | number>>): string {
  const parts = partsOf(template);
  let text = parts[0]!;
  for (let index = 1; index < parts.length; index += 2) {
    const name = parts[index]!;
    text += `${values[name] ?? `{${name}}`}${parts[index + 1]!}`;
  }
  return text;
}

/** Text and name in turn, of the messages above. */
const partsByTemplate = new Map<string, readonly string[]>();

function partsOf(template: string): readonly string[] {
  let parts = partsByTemplate.get(template);
  if (parts === undefined) {
    parts = template.split(/\{(\w+)\}/);
    partsByTemplate.set(template, parts);
  }
  return parts;
}
