// The body of Prometheus' remote write 1.0 (https://prometheus.io/docs/specs/prw/remote_write_spec/): a `WriteRequest` of Protocol Buffers.
//
//   WriteRequest { repeated TimeSeries timeseries = 1 }
//   TimeSeries   { repeated Label labels = 1; repeated Sample samples = 2 }
//   Label        { string name = 1; string value = 2 }
//   Sample       { double value = 1; int64 timestamp = 2 }   timestamp in milliseconds
import type { Labels } from "../../metrics/metric-family.ts";
import type { PrometheusSeries } from "../../metrics/prometheus-series.ts";

/** A field's number and how its value is written: 0 a varint, 1 eight bytes, 2 a length and so many bytes. */
const tag = (field: number, kind: 0 | 1 | 2): number => field * 8 + kind;

/** `ownLabels`: of all series; those of a series go before them. */
export function encodeWriteRequest(
  series: readonly PrometheusSeries[],
  ownLabels: Labels,
  timestampMs: number,
): Buffer {
  return Buffer.concat(series.map((one) => message(1, timeSeries(one, ownLabels, timestampMs))));
}

function timeSeries({ name, labels, value }: PrometheusSeries, ownLabels: Labels, timestampMs: number): Buffer {
  const all = Object.entries({ ...ownLabels, ...labels, __name__: name });
  // A label without a value is none; receivers want them sorted.
  const sorted = all.filter(([, text]) => text !== "").sort(([a], [b]) => (a < b ? -1 : 1));
  const encoded = sorted.map(([label, text]) =>
    message(1, Buffer.concat([message(1, utf8(label)), message(2, utf8(text))])),
  );
  return Buffer.concat([...encoded, message(2, sample(value, timestampMs))]);
}

function sample(value: number, timestampMs: number): Buffer {
  const number = Buffer.alloc(9);
  number[0] = tag(1, 1);
  number.writeDoubleLE(value, 1);
  return Buffer.concat([number, Buffer.from([tag(2, 0)]), varint(timestampMs)]);
}

function message(field: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([tag(field, 2)]), varint(content.length), content]);
}

/** Seven bits a byte, the lowest first; whole numbers from 0 on. */
export function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  return Buffer.from([...bytes, rest]);
}

const utf8 = (text: string): Buffer => Buffer.from(text, "utf8");
