// Judges what two readers made of the same bytes. What both take must be the same to them; what only node:http takes must be refused for
// a reason with a name; what only the fast lane takes is a finding.

/**
 * @typedef {object} Verdict
 * @property {string} kind "same", "stricter", "left to node", "later", "explained: ..." or, for findings, "FINDING: ..."
 * @property {string} [rule] of what is stricter
 */

/** @param {import("./node-reader.mjs").Reading} node @param {import("./node-reader.mjs").Reading} fast @returns {Verdict} */
export function compareReadings(node, fast) {
  const shared = Math.min(node.requests.length, fast.requests.length);
  for (let index = 0; index < shared; index++) {
    const difference = differenceOf(node.requests[index], fast.requests[index]);
    if (difference === undefined) continue;
    const isLast = index === fast.requests.length - 1;
    const isUndecided = !fast.requests[index].isComplete && difference === "completeness";
    if (isLast && isUndecided && fast.end === "refused") return { kind: "stricter", rule: fast.reason };
    return { kind: `FINDING: ${difference} is not the same` };
  }
  if (fast.requests.length > shared) {
    if (node.end === "closed" && isLastForProxies(node)) return { kind: "explained: proxy-connection" };
    return { kind: `FINDING: taken, though node:http ${told(node)}` };
  }
  if (fast.end === "refused") {
    const isAlone = node.requests.length > shared || node.end !== "refused";
    return isAlone ? { kind: "stricter", rule: fast.reason } : { kind: "same" };
  }
  if (fast.end === "left") return { kind: "left to node" };
  if (node.requests.length > shared) return { kind: `FINDING: not seen, and ${told(fast)}` };
  if (fast.end === node.end) return { kind: "same" };
  // Nothing of it has been taken, and nothing will: the head or the chunk it belongs to cannot become whole.
  if (fast.end === "incomplete" && node.end === "refused") return { kind: "later" };
  // RFC 9112, 9.6: both have stopped; Node tells of bytes behind a last request, if there are any.
  if (fast.end === "closed" && node.end === "open")
    return isLastOf(node) ? { kind: "same" } : { kind: "FINDING: closed" };
  return { kind: `FINDING: ends as ${told(fast)}, for node:http as ${told(node)}` };
}

const told = ({ end, reason }) => (reason === "" ? end : `${end} (${reason})`);

const isLastOf = ({ requests }) => saysClose(requests.at(-1)?.headers.connection);

/** Node takes `proxy-connection` for `connection`, in trailers too; RFC 9110, 7.6.1 does not know it. */
const isLastForProxies = ({ requests }) => {
  const last = requests.at(-1);
  return saysClose(last?.headers["proxy-connection"]) || saysClose(last?.trailers["proxy-connection"]);
};

const saysClose = (value = "") => /(^|[\s,])close([\s,]|$)/i.test(value);

/** The first thing that is not the same; undefined when all is. */
function differenceOf(node, fast) {
  if (node.method !== fast.method) return "method";
  if (node.target !== fast.target && !isOriginOf(node.target, fast)) return "target";
  if (!isSameRecord(node.headers, fast.headers)) return "headers";
  if (node.isComplete !== fast.isComplete) return "completeness";
  if (!node.isComplete) return undefined;
  if (node.body !== fast.body) return "body";
  return isSameRecord(node.trailers, fast.trailers) ? undefined : "trailers";
}

/** Handlers see path and query of a target, in whatever form it came. */
function isOriginOf(target, { path, query }) {
  const origin = target.replace(/^https?:\/\/[^/?#]*/i, "");
  const queryAt = origin.indexOf("?");
  const ownPath = queryAt === -1 ? origin : origin.slice(0, queryAt);
  return (ownPath === "" ? "/" : ownPath) === path && (queryAt === -1 ? "" : origin.slice(queryAt + 1)) === query;
}

/** A header called `__proto__` is lost on some versions of Node, whose records have a prototype. */
const namesOf = (record) => Object.keys(record).filter((name) => name !== "__proto__");

function isSameRecord(one, other) {
  const names = namesOf(one);
  if (names.length !== namesOf(other).length) return false;
  return names.every((name) => {
    const [value, counterpart] = [one[name], other[name]];
    return Array.isArray(value) ? isSameList(value, counterpart) : value === counterpart;
  });
}

function isSameList(one, other) {
  return Array.isArray(other) && one.length === other.length && one.every((value, index) => value === other[index]);
}
