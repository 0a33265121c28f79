// HTTP as the front doors of AWS Lambda turn it into events, and results back into HTTP, in the published formats: function URL and HTTP API
// (payload 2.0), REST API (1.0, decoded query), load balancer with multi-value headers (query as it came).

export function eventFrom(door, request, body) {
  const [path, query = ""] = split(request.url, "?");
  const isText = body.length === 0 || /json|text/.test(request.headers["content-type"] ?? "");
  const content = {
    body: body.length === 0 ? null : body.toString(isText && door !== "url" ? "utf8" : "base64"),
    isBase64Encoded: body.length > 0 && !(isText && door !== "url"),
  };
  const headers = { ...request.headers, "x-forwarded-for": "192.0.2.7", "x-forwarded-proto": "https" };
  if (door === "url" || door === "http-api") {
    const { cookie, ...others } = headers;
    const stage = door === "url" ? "$default" : "live";
    return {
      version: "2.0",
      routeKey: "$default",
      rawPath: door === "url" ? path : `/live${path}`,
      rawQueryString: query,
      ...(cookie === undefined ? {} : { cookies: cookie.split("; ") }),
      headers: joined(others),
      requestContext: { stage, http: { method: request.method, path, sourceIp: "192.0.2.7" } },
      ...content,
      ...(content.body === null ? { body: undefined } : {}),
    };
  }
  const decode = door === "rest-api" ? (text) => decodeURIComponent(text.replaceAll("+", " ")) : (text) => text;
  const parameters = query === "" ? null : lists(query.split("&").map((pair) => split(pair, "=").map(decode)));
  const context =
    door === "rest-api"
      ? { stage: "live", identity: { sourceIp: "192.0.2.7" } }
      : { elb: { targetGroupArn: "arn:aws:elb:t" } };
  return {
    path,
    httpMethod: request.method,
    ...(door === "rest-api" ? { headers: joined(headers), queryStringParameters: null } : {}),
    multiValueHeaders: lists(
      Object.entries(headers).flatMap(([name, value]) => [value].flat().map((one) => [name, one])),
    ),
    multiValueQueryStringParameters: parameters,
    requestContext: context,
    ...content,
  };
}

export function answerWith(door, response, result) {
  const { statusCode, headers = {}, multiValueHeaders = {}, cookies = [], body, isBase64Encoded } = result;
  if (door === "alb" && !/^\d{3} /.test(result.statusDescription ?? ""))
    throw new Error("a load balancer wants statusDescription");
  response.writeHead(statusCode, {
    ...headers,
    ...multiValueHeaders,
    ...(cookies.length > 0 ? { "set-cookie": cookies } : {}),
  });
  response.end(Buffer.from(body, isBase64Encoded ? "base64" : "utf8"));
}

function lists(pairs) {
  const all = {};
  for (const [name, value = ""] of pairs) all[name] = [...(all[name] ?? []), value];
  return all;
}

function joined(headers) {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value].flat().join(",")]));
}

function split(text, separator) {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}
