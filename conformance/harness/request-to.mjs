// A request to a gateway, and its answer with the body parsed when it is JSON.

/** `body`: sent as JSON. */
export async function requestTo(gateway, method, path, body, headers = {}) {
  const response = await fetch(`${gateway}${path}`, {
    method,
    headers: body === undefined ? headers : { "content-type": "application/json", ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(30_000),
  });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.startsWith("application/json") === true;
  return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : undefined };
}
