// Bytes that are not an HTTP request never become one: they are answered here, on the bare socket, in the form of every other error.
import { maxHeaderSize, type Server, STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { statusOf, toErrorBody } from "./normalize-error.ts";
import { newRequestId } from "./request-id.ts";
import { RequestError } from "./request-error.ts";

export function refuseBrokenRequests(server: Server): void {
  server.on("clientError", (error: NodeJS.ErrnoException & { reason?: string }, socket) => {
    if (!socket.writable || error.code === "ECONNRESET") {
      socket.destroy();
      return;
    }
    const refusal =
      error.code === "HPE_HEADER_OVERFLOW"
        ? new RequestError("headers_too_large", { limitBytes: maxHeaderSize })
        : new RequestError("malformed_request", { reason: error.reason ?? error.message });
    write(socket as Socket, refusal);
  });
}

function write(socket: Socket, refusal: RequestError): void {
  const body = JSON.stringify(toErrorBody(refusal));
  const status = statusOf(refusal);
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\ncontent-type: application/json\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\ndate: ${new Date().toUTCString()}\r\n` +
      `x-request-id: ${newRequestId()}\r\nconnection: close\r\n\r\n${body}`,
  );
}
