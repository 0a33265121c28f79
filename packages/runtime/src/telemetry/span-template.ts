// What all spans of one route, endpoint or client method have in common, prepared once: their name, kind, service and the attributes
// that never change.
import type { Attributes, SpanKind } from "@tenon/model";
import type { SpanImage } from "./otlp/span-image.ts";

export interface SpanTemplateOptions {
  readonly name: string;
  readonly kind: SpanKind;
  /** Becomes `service.name`. */
  readonly service: string;
  /** Of every span; default none. Not to be changed afterwards. */
  readonly attributes?: Attributes;
}

const NO_ATTRIBUTES: Attributes = Object.freeze({});

export class SpanTemplate {
  readonly name: string;
  readonly kind: SpanKind;
  readonly service: string;
  readonly attributes: Attributes;
  /** Spans already written: a template of one span is not worth an image (otlp/span-image.ts). */
  written = 0;
  rootImage: SpanImage | null = null;
  childImage: SpanImage | null = null;

  constructor(options: SpanTemplateOptions) {
    this.name = options.name;
    this.kind = options.kind;
    this.service = options.service;
    this.attributes = options.attributes ?? NO_ATTRIBUTES;
  }
}

/** For spans that are made often: `startTemplateSpan` costs a fraction of `startSpan`. Made once, not per request. */
export function spanTemplate(options: SpanTemplateOptions): SpanTemplate {
  return new SpanTemplate(options);
}
