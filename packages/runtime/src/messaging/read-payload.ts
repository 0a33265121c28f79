// The payload of a dead letter for people to look at. One that is no JSON, which may be why it is dead, is shown as the text that it is.

export function readPayload(payload: string): unknown {
  try {
    return JSON.parse(payload) as unknown;
  } catch {
    return payload;
  }
}
