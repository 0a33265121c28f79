// Short ways to write requests, and what is expected of them. Text stands for bytes (latin1).

export const host = "host: example.com";

export function request(method, target, lines = [], body = "") {
  return `${[`${method} ${target} HTTP/1.1`, host, ...lines].join("\r\n")}\r\n\r\n${body}`;
}

export const get = (target, ...lines) => request("GET", target, lines);

export const post = (target, body, ...lines) =>
  request("POST", target, [...lines, `content-length: ${body.length}`], body);

/** `body`: chunks as they stand on the wire. */
export const chunked = (target, body, ...lines) =>
  request("POST", target, [...lines, "transfer-encoding: chunked"], body);

/** Answered with this status, and with these facts about the request as the handler saw it. */
export const sees = (facts, status = 200) => ({ status, sees: facts });

export const gives = (body, status = 200) => ({ status, body });

/** Bytes that get one answer with an error, behind which the connection ends. */
export const refused = (name, send, status = 400) => ({
  name,
  send,
  answers: [{ status, isRefusal: true }],
  end: "closed",
});

/** Bytes that one request is made of, after which the connection is as good as new. */
export const understood = (name, send, facts) => ({ name, send, answers: [sees(facts)], end: "open" });
