// How this engine is called in infra.json, in errors and in OpenTelemetry's `messaging.system`.
export const engineName = "gcp_pubsub";
