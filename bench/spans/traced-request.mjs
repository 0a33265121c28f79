// The two spans of a public request as the gateway records them. `telemetry` imports a module of the runtime's telemetry by its name.
export async function prepareRequest(telemetry) {
  const { startTemplateSpan } = await telemetry("recorder.js");
  const { spanTemplate } = await telemetry("span-template.js");
  const { publicRequestTemplate, startPublicRequest, endPublicRequest } = await telemetry("request-spans.js");
  const gateway = publicRequestTemplate("GET", "/hello/:name");
  const attributes = { "rpc.system": "tenon", "rpc.service": "hello", "rpc.method": "hello" };
  const endpoint = spanTemplate({ name: "hello.hello", kind: "server", service: "hello", attributes });

  /** Gives the text that every answer has. */
  return (count) => {
    // The gateway reads the clock twice: no time worth telling passes between the two starts, nor between the two ends.
    const startedAtMs = performance.now();
    const span = startPublicRequest(gateway, undefined, `/hello/${count}`, "127.0.0.1", "curl/8.5.0", startedAtMs);
    const inner = startTemplateSpan(endpoint, span, startedAtMs);
    const { traceparent } = span;
    const endedAtMs = performance.now();
    inner.endAt(endedAtMs);
    endPublicRequest(span, 200, endedAtMs);
    return traceparent;
  };
}
