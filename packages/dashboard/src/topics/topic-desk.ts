// What the dashboard asks of whoever looks after the messages of the app: as TopicControl, with replays that are traced.
import type { ReplayOptions, TopicControl } from "@tenon/model";

export interface Replay {
  /** How many letters are on their way. */
  readonly replayed: number;
  /** Of the replay; the spans of what is delivered again are linked to it. */
  readonly traceId: string;
}

export interface TopicDesk extends Omit<TopicControl, "replay"> {
  replay(topic: string, subscription: string, options: Omit<ReplayOptions, "traceparent">): Promise<Replay>;
}
