// Topics and their subscriptions: names, settings, types, who publishes and who takes.
import {
  type Location,
  parseDurationMs,
  resolveSchema,
  type Schema,
  type Schemas,
  type Subscription,
  type Topic,
} from "@tenon/model";
import type { DiagnosticCode } from "../diagnose/catalogue.ts";
import { createDiagnostic } from "../diagnose/diagnostic.ts";
import type { Diagnostic } from "@tenon/model";
import type { Span } from "../discover/declarations.ts";
import type { Discovered, Found } from "../discover/discover.ts";
import type { SourceFile } from "../discover/scan-files.ts";
import { evaluate, evaluateOptions, leavesOf, type Located, type OptionValue } from "../schema/option-value.ts";
import type { Reference, UnitResult } from "../schema/unit.ts";
import { renameRefs } from "./name-schemas.ts";
import type { UsersOf } from "./found-resource.ts";

export interface TopicsInput {
  readonly discovered: Discovered;
  readonly resultOf: (found: Found<"resource">) => UnitResult;
  readonly usersOf: UsersOf;
  readonly schemas: Schemas;
  readonly rename: (ref: string) => string;
  readonly diagnostics: Diagnostic[];
}

interface DraftTopic extends Omit<Topic, "publishers" | "subscriptions"> {
  readonly found: Found<"resource">;
  readonly publishers: Set<string>;
  readonly subscriptions: Subscription[];
}

export function collectTopics(input: TopicsInput): Topic[] {
  return new TopicCollector(input).collect();
}

/** Names are used as they are by brokers, so they are those that every broker takes. */
const namePattern = /^[A-Za-z][A-Za-z0-9_-]{0,62}$/;
const dayMs = 86_400_000;
const defaults = {
  ackDeadlineMs: 30_000,
  messageRetentionMs: 7 * dayMs,
  minBackoffMs: 10_000,
  maxBackoffMs: 600_000,
  maxRetries: 100,
};

class TopicCollector {
  readonly #input: TopicsInput;
  readonly #topics: DraftTopic[] = [];

  constructor(input: TopicsInput) {
    this.#input = input;
  }

  collect(): Topic[] {
    const { discovered, usersOf } = this.#input;
    const ofType = (type: string) => discovered.resources.filter(({ declaration }) => declaration.type === type);
    for (const found of ofType("topic")) this.#addTopic(found);
    for (const { name, resources } of discovered.services) {
      for (const found of resources) if (found.declaration.type === "subscription") this.#addSubscription(name, found);
    }
    for (const found of ofType("topic-use")) {
      const topic = this.#topicOf(this.#reference(found, 0));
      for (const service of topic === undefined ? [] : usersOf(found.source.relative)) topic!.publishers.add(service);
    }
    return this.#topics
      .map(({ found: _, publishers, subscriptions, ...topic }) => ({
        ...topic,
        publishers: [...publishers].sort(),
        subscriptions: subscriptions.sort((a, b) => (a.name < b.name ? -1 : 1)),
      }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  #addTopic(found: Found<"resource">): void {
    const { source, declaration } = found;
    const name = this.#name(found, 0, "topic");
    if (name === null) return;
    const other = this.#topics.find((topic) => topic.name === name);
    if (other !== undefined) {
      this.#report("TN1281", source, declaration.call, { name, other: other.location.file });
      return;
    }
    const options = this.#options(found, 1, ["deliveryGuarantee", "orderingAttribute"]);
    const guarantee = textIn(options, "deliveryGuarantee") ?? "at-least-once";
    if (guarantee !== "at-least-once" && guarantee !== "exactly-once") {
      const span = options.get("deliveryGuarantee") ?? declaration.call;
      this.#report("TN1283", source, span, {
        option: "deliveryGuarantee",
        expected: '"at-least-once" or "exactly-once"',
      });
    }
    const message = this.#message(found);
    const attributes = this.#attributes(found);
    const orderingAttribute = textIn(options, "orderingAttribute");
    if (orderingAttribute !== undefined && !attributes.includes(orderingAttribute)) {
      this.#report("TN1285", source, options.get("orderingAttribute")!, { name: orderingAttribute });
    }
    this.#topics.push({
      name,
      message,
      deliveryGuarantee: guarantee === "exactly-once" ? guarantee : "at-least-once",
      ...(orderingAttribute === undefined ? {} : { orderingAttribute }),
      attributes,
      publishers: new Set(),
      subscriptions: [],
      location: locationOf(source, declaration.call),
      found,
    });
  }

  #message(found: Found<"resource">): Schema {
    const { source, declaration } = found;
    const { signature } = this.#input.resultOf(found);
    for (const { code, path, detail, place } of signature?.problems ?? []) {
      const here = source.lines.place(source.relative, declaration.binding ?? declaration.call);
      this.#input.diagnostics.push(createDiagnostic(code, place ?? here, { path, detail }));
    }
    const message = signature?.types["message"] ?? null;
    const schema: Schema = message === null ? { kind: "object", properties: [] } : this.#renamed(message);
    const isReadable =
      message !== null && ["object", "union"].includes(resolveSchema(schema, this.#input.schemas).kind);
    if (!isReadable && (signature?.problems.length ?? 0) === 0) this.#report("TN1284", source, declaration.call);
    return schema;
  }

  #attributes(found: Found<"resource">): string[] {
    const attributes = this.#input.resultOf(found).signature?.types["attributes"] ?? null;
    if (attributes === null) return [];
    const resolved = resolveSchema(this.#renamed(attributes), this.#input.schemas);
    return resolved.kind === "object" ? resolved.properties.map(({ name }) => name) : [];
  }

  #addSubscription(service: string, found: Found<"resource">): void {
    const { source, declaration } = found;
    const topic = this.#topicOf(this.#reference(found, 0));
    if (topic === undefined) {
      this.#report("TN1286", source, declaration.arguments[0] ?? declaration.call);
      return;
    }
    const name = this.#name(found, 1, "subscription");
    if (name === null) return;
    const other = topic.subscriptions.find((subscription) => subscription.name === name);
    if (other !== undefined) {
      const words = { name, topic: topic.name, other: other.location.file };
      this.#report("TN1287", source, declaration.call, words);
      return;
    }
    const options = this.#options(found, 2, subscriptionOptions);
    const retry = this.#retryPolicy(found, options);
    topic.subscriptions.push({
      name,
      service,
      maxConcurrency: this.#count(found, options, "maxConcurrency") ?? null,
      ackDeadlineMs: this.#duration(found, options, "ackDeadline") ?? defaults.ackDeadlineMs,
      messageRetentionMs: this.#duration(found, options, "messageRetention") ?? defaults.messageRetentionMs,
      retryPolicy: retry,
      location: locationOf(source, declaration.call),
    });
  }

  #retryPolicy(found: Found<"resource">, options: Options): Subscription["retryPolicy"] {
    const located = options.get("retryPolicy");
    const value = located?.known?.value;
    const policy: Options = new Map(
      typeof value === "object" && value !== null && !Array.isArray(value)
        ? Object.entries(value).map(([key, one]) => [key, { ...located!, known: { value: one } }])
        : [],
    );
    const retries = this.#count(found, policy, "maxRetries");
    return {
      minBackoffMs: this.#duration(found, policy, "minBackoff") ?? defaults.minBackoffMs,
      maxBackoffMs: this.#duration(found, policy, "maxBackoff") ?? defaults.maxBackoffMs,
      // As in Encore.ts, zero stands for the default.
      maxRetries: retries === undefined || retries === 0 ? defaults.maxRetries : retries,
    };
  }

  #duration({ source }: Found<"resource">, options: Options, option: string): number | undefined {
    const located = options.get(option);
    if (located === undefined || located.known?.value === undefined) return this.#unknown(source, options, option);
    const { value } = located.known;
    const durationMs = typeof value === "string" ? parseDurationMs(value) : null;
    if (durationMs !== null && durationMs >= 1) return Math.round(durationMs);
    this.#report("TN1283", source, located, {
      option,
      expected: 'a duration of at least 1ms such as "30s" or "1h30m"',
    });
    return undefined;
  }

  #count({ source }: Found<"resource">, options: Options, option: string): number | undefined {
    const located = options.get(option);
    if (located === undefined || located.known?.value === undefined) return this.#unknown(source, options, option);
    const { value } = located.known;
    // Negative: no limit, as Encore.ts has it.
    if (typeof value === "number" && Number.isInteger(value)) return value < 0 ? undefined : value;
    this.#report("TN1283", source, located, { option, expected: "a whole number" });
    return undefined;
  }

  #unknown(source: SourceFile, options: Options, option: string): undefined {
    const located = options.get(option);
    if (located?.known === null) this.#report("TN1014", source, located, { option: `"${option}"` });
    return undefined;
  }

  #name(found: Found<"resource">, index: number, what: string): string | null {
    const { source, declaration } = found;
    const argument = declaration.arguments[index];
    const value = argument == null ? undefined : evaluate(argument, this.#leaf(found))?.value;
    if (typeof value === "string" && namePattern.test(value)) return value;
    this.#report("TN1280", source, argument ?? declaration.call, { what });
    return null;
  }

  #options(found: Found<"resource">, index: number, known: readonly string[]): Options {
    const { source, declaration } = found;
    const argument = declaration.arguments[index];
    if (argument == null) return new Map();
    const options = evaluateOptions(argument, this.#leaf(found));
    if (options === null) this.#report("TN1014", source, argument, { option: "the options" });
    for (const [option, located] of options ?? []) {
      if (!known.includes(option)) this.#report("TN1013", source, located, { option, known: known.join(", ") });
    }
    return options ?? new Map();
  }

  #leaf(found: Found<"resource">) {
    const leaves = found.declaration.arguments.flatMap(leavesOf);
    const { values } = this.#input.resultOf(found);
    return (leaf: (typeof leaves)[number]) => values[leaves.indexOf(leaf)] ?? null;
  }

  /** Where the name is declared that is given as an argument. */
  #reference(found: Found<"resource">, index: number): Reference | null {
    const argument = found.declaration.arguments[index];
    if (argument?.kind !== "name") return null;
    const leaves = found.declaration.arguments.flatMap(leavesOf);
    return this.#input.resultOf(found).references[leaves.indexOf(argument)] ?? null;
  }

  #topicOf(reference: Reference | null): DraftTopic | undefined {
    if (reference === null) return undefined;
    return this.#topics.find(({ found: { source, declaration } }) => {
      return source.relative === reference.file && declaration.binding?.start === reference.start;
    });
  }

  #renamed(schema: Schema): Schema {
    return renameRefs(schema, this.#input.rename);
  }

  #report(code: DiagnosticCode, source: SourceFile, span: Span, words: Record<string, string> = {}): void {
    this.#input.diagnostics.push(createDiagnostic(code, source.lines.place(source.relative, span), words));
  }
}

type Options = ReadonlyMap<string, Located>;

const subscriptionOptions = ["handler", "maxConcurrency", "ackDeadline", "messageRetention", "retryPolicy"];

function textIn(options: Options, option: string): string | undefined {
  const value: OptionValue = options.get(option)?.known?.value;
  return typeof value === "string" ? value : undefined;
}

function locationOf(source: SourceFile, span: Span): Location {
  const { line, column } = source.lines.at(span.start);
  return { file: source.relative, line, column };
}
