// Bounds a body whose size nobody announced: counted as it comes in, and refused as soon as it is too large.
//
//   counting --too large--> refused --body complete, or LINGER_MS--> request destroyed
import type { NodeExchange } from "../call/exchange.ts";

/** A client that reads nothing before it has sent everything gets this long to do so; its answer gets lost otherwise. */
const LINGER_MS = 2_000;

/** `refuse` answers and gives the error with which the handler's reading ends. The handler gets nothing that came after. */
export function limitBody({ request, response }: NodeExchange, limitBytes: number, refuse: () => Error): void {
  const push = request.push.bind(request);
  // What came with the head lies there already.
  let sizeBytes = request.readableLength;
  let onComplete: (() => void) | undefined;
  request.push = (chunk: Buffer | null, encoding) => {
    if (onComplete !== undefined) {
      if (chunk === null) onComplete();
      return true;
    }
    sizeBytes += chunk?.length ?? 0;
    if (sizeBytes <= limitBytes) return push(chunk, encoding);
    const error = refuse();
    const stop = () => request.destroy(error);
    const timer = setTimeout(stop, LINGER_MS);
    onComplete = () => {
      clearTimeout(timer);
      if (response.writableFinished) stop();
      else response.once("finish", stop);
    };
    request.once("close", () => clearTimeout(timer));
    return true;
  };
}
