// Where the lanes are meant to differ: the fast lane takes what the RFCs allow and nothing else, node:http is kinder. Whatever is not
// listed here must be the same. `compat` is what node:http makes of the case; without it, versions of Node differ or it is never answered.

/** @typedef {{ rfc: string, compat?: { statuses: number[], end: "open" | "closed" } }} Difference */

const takes = (rfc, status = 200) => ({ rfc, compat: { statuses: [status], end: "open" } });
const refuses = (rfc, status = 400) => ({ rfc, compat: { statuses: [status], end: "closed" } });
const varies = (rfc) => ({ rfc });

/** Name of the case -> the rule that the fast lane keeps. @type {Record<string, Difference>} */
export const differences = {
  "length with a zero in front": takes("RFC 9112, 6.3: a length that has two spellings has two readers"),
  "length beyond 2^53": varies(
    "RFC 9110, 8.6: recipients must anticipate large numbers and refuse what they cannot count",
  ),
  "two equal lengths in one field": refuses("RFC 9112, 6.3"),
  "unknown coding": refuses("RFC 9112, 6.1: 501 for a coding that the server does not understand"),
  "unknown coding before chunks": varies("RFC 9112, 6.1"),
  "chunked is not last": refuses("RFC 9112, 6.1"),
  "chunked twice": refuses("RFC 9112, 6.1"),
  "two codings in two fields": varies("RFC 9112, 6.1"),
  "coding of nothing": varies("RFC 9112, 6.1"),
  identity: refuses("RFC 9112, 6.1"),
  "the preface of HTTP/2": refuses("RFC 9112, 2.3"),
  "no version": varies("RFC 9112, 3: HTTP/0.9 is no more"),
  "version 0.9": varies("RFC 9112, 2.3"),
  "version 1.2": refuses("RFC 9112, 2.3: 505 for a version that the server does not speak"),
  "version 2.0": varies("RFC 9112, 2.3"),
  "two spaces before the target": varies("RFC 9112, 3: one space"),
  "two spaces before the version": varies("RFC 9112, 3: one space"),
  "a fragment in the target": takes("RFC 9112, 3.2: a fragment is no part of a target", 404),
  "asterisk for GET": takes("RFC 9112, 3.2.4: for OPTIONS alone; the connection closes", 400),
  "no host": takes("RFC 9112, 3.2; the connection closes", 400),
  "two hosts": takes("RFC 9112, 3.2"),
  "two different hosts": takes("RFC 9112, 3.2"),
  "a host with a space": takes("RFC 9112, 3.2"),
  "a host with a comma": takes("RFC 9112, 3.2: two hosts that were joined on the way"),
  "a target with a user": varies("RFC 9110, 4.2.4: no userinfo"),
  "a host with a path": takes("RFC 9112, 3.2"),
  "a host with a user": takes("RFC 9112, 3.2: no userinfo"),
  "a broken one behind a good one": varies(
    "RFC 9112, 9.3.2: answers go out in the order of the requests, the refusal behind them",
  ),
  "a broken one behind a slow one": varies("RFC 9112, 9.3.2"),
  "304 with a text": takes("RFC 9110, 8.6: the length of what 304 does not send may be told or not", 304),
  "a client that half-closes while the answer is under way": varies("RFC 9112, 9.6: node:http takes it for gone"),
  "a client that half-closes behind several": varies("RFC 9112, 9.6"),
  "nothing behind a closing one is looked at": varies(
    "RFC 9112, 9.6: what comes behind a last request is not processed",
  ),
};

/** Header fields that only say what is the case anyway. RFC 9112, 9.3: connections persist unless somebody says "close". */
export const hints = new Set(["connection: keep-alive", "keep-alive: timeout=65"]);
