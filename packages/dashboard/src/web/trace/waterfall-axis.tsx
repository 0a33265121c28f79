// The time axis above the waterfall and its lines behind the rows.
import { axisTicks, tickLabel } from "./time-axis.ts";

const MOST_TICKS = 6;
/** A label that begins later would leave the axis: it stands before its line instead. */
const LAST_START_PERCENT = 92;

interface TimeSpan {
  readonly durationMs: number;
}

export function WaterfallHead({ durationMs }: TimeSpan) {
  return (
    <thead>
      <tr>
        <th scope="col">Span</th>
        <th scope="col" className="number">
          Duration
        </th>
        <th scope="col" className="axis">
          <span className="visually-hidden">Timeline</span>
          {axisTicks(durationMs, MOST_TICKS).map((tick) => {
            const left = percentOf(tick, durationMs);
            return (
              <span
                key={tick}
                className={left > LAST_START_PERCENT ? "tick at-end" : "tick"}
                style={{ left: `${left}%` }}
                aria-hidden="true"
              >
                {tickLabel(tick)}
              </span>
            );
          })}
        </th>
      </tr>
    </thead>
  );
}

export function Gridlines({ durationMs }: TimeSpan) {
  return (
    <div className="gridlines" aria-hidden="true">
      {axisTicks(durationMs, MOST_TICKS).map((tick) => (
        <span key={tick} style={{ left: `${percentOf(tick, durationMs)}%` }} />
      ))}
    </div>
  );
}

export function percentOf(partMs: number, wholeMs: number): number {
  return wholeMs > 0 ? (partMs / wholeMs) * 100 : 0;
}
