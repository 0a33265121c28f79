// The commands of NSQ's protocol V2, as bytes: https://nsq.io/clients/tcp_protocol_spec.html

/** What a connection begins with. */
export const magic = Buffer.from("  V2");
export const nop = Buffer.from("NOP\n");
/** Nothing more is to be delivered; what was may still be settled. */
export const startClose = Buffer.from("CLS\n");

export function identify(client: Readonly<Record<string, unknown>>): Buffer {
  return withBody("IDENTIFY", Buffer.from(JSON.stringify(client)));
}

export function subscribe(topic: string, channel: string): Buffer {
  return Buffer.from(`SUB ${topic} ${channel}\n`);
}

/** At most so many may be under way on this connection. */
export function ready(count: number): Buffer {
  return Buffer.from(`RDY ${count}\n`);
}

export function finish(id: string): Buffer {
  return Buffer.from(`FIN ${id}\n`);
}

export function requeue(id: string, delayMs: number): Buffer {
  return Buffer.from(`REQ ${id} ${Math.ceil(delayMs)}\n`);
}

export function touch(id: string): Buffer {
  return Buffer.from(`TOUCH ${id}\n`);
}

export function publish(topic: string, body: Buffer): Buffer {
  return withBody(`PUB ${topic}`, body);
}

/** Several messages, taken as a whole. */
export function publishAll(topic: string, bodies: readonly Buffer[]): Buffer {
  const parts = [uint32(bodies.length), ...bodies.flatMap((body) => [uint32(body.length), body])];
  return withBody(`MPUB ${topic}`, Buffer.concat(parts));
}

function withBody(command: string, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${command}\n`), uint32(body.length), body]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
