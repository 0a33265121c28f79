// An event that nothing in this function is for: its trigger is set up for another one.

export class EventUnknown extends Error {
  override readonly name = "EventUnknown";
  readonly code = "event_unknown";
}
