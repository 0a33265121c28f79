// Server-sent events as a test reads them: one after the other, until the stream ends or the test leaves it.

/** @returns {AsyncGenerator<{ event?: string, id?: string, data: unknown }>} leaving the loop closes the connection */
export async function* readEvents(url) {
  const leave = new AbortController();
  const response = await fetch(url, { signal: leave.signal });
  if (!response.ok) throw new Error(`refused with ${response.status}: ${await response.text()}`);
  let text = "";
  try {
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
        const fields = parseFields(text.slice(0, end));
        text = text.slice(end + 2);
        if (fields.data !== undefined) yield { ...fields, data: JSON.parse(fields.data) };
      }
    }
  } finally {
    leave.abort();
  }
}

function parseFields(block) {
  const lines = block.split("\n").filter((line) => line !== "" && !line.startsWith(":"));
  return Object.fromEntries(lines.map((line) => line.split(/: ?(.*)/s).slice(0, 2)));
}
