// Reads server-sent events: what the dashboard tells as it happens. Ends when the dashboard does.

export interface ServerEvent {
  readonly event: string;
  /** Parsed JSON. */
  readonly data: unknown;
}

/** Resolves once the stream is open, so that nothing that happens after it is missed. */
export async function readEvents(url: string): Promise<AsyncIterable<ServerEvent>> {
  const { body } = await fetch(url);
  return parse(body ?? new ReadableStream());
}

async function* parse(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  let rest = "";
  const decoder = new TextDecoder();
  for await (const chunk of body) {
    rest += decoder.decode(chunk, { stream: true });
    const parts = rest.split("\n\n");
    rest = parts.pop() ?? "";
    for (const part of parts) {
      const event = /^event: (.*)$/m.exec(part)?.[1];
      const data = /^data: (.*)$/m.exec(part)?.[1];
      if (event !== undefined && data !== undefined) yield { event, data: JSON.parse(data) };
    }
  }
}
