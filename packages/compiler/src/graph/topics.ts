// Topics and their subscriptions: names, settings, types, who publishes and who takes.
import { type Diagnostic, resolveSchema, type Schema, type Schemas, type Subscription, type Topic } from "@tenon/model";
import { createDiagnostic } from "../diagnose/diagnostic.ts";
import type { Discovered, Found } from "../discover/discover.ts";
import type { Reference, UnitResult } from "../schema/unit.ts";
import type { UsersOf } from "./found-resource.ts";
import { renameRefs } from "./name-schemas.ts";
import { checkPublishOptions } from "./publish-options.ts";
import { isReferenceTo, type Options, ResourceReader } from "./resource-reader.ts";
import { readSubscriptionDatabase } from "./subscription-database.ts";
import { readSubscriptionOptions } from "./subscription-options.ts";

export interface TopicsInput {
  readonly discovered: Discovered;
  readonly resultOf: (found: Found<"resource"> | Found<"database">) => UnitResult;
  readonly usersOf: UsersOf;
  readonly schemas: Schemas;
  readonly rename: (ref: string) => string;
  readonly diagnostics: Diagnostic[];
}

interface DraftTopic extends Omit<Topic, "attributes" | "publishers" | "subscriptions"> {
  readonly found: Found<"resource">;
  /** With their types, in order. */
  readonly attributes: ReadonlyMap<string, Schema>;
  readonly publishers: Set<string>;
  readonly subscriptions: Subscription[];
}

export function collectTopics(input: TopicsInput): Topic[] {
  return new TopicCollector(input).collect();
}

class TopicCollector {
  readonly #input: TopicsInput;
  readonly #topics: DraftTopic[] = [];

  constructor(input: TopicsInput) {
    this.#input = input;
  }

  collect(): Topic[] {
    const { discovered, usersOf } = this.#input;
    const ofType = (type: string) => discovered.resources.filter(({ declaration }) => declaration.type === type);
    for (const found of ofType("topic")) this.#addTopic(this.#readerOf(found));
    for (const { name, resources } of discovered.services) {
      for (const found of resources) {
        if (found.declaration.type === "subscription") this.#addSubscription(name, this.#readerOf(found));
      }
    }
    for (const found of ofType("topic-use")) {
      const reader = this.#readerOf(found);
      const topic = this.#topicAt(reader.reference(0));
      if (topic === undefined) continue;
      for (const service of usersOf(found.source.relative)) topic.publishers.add(service);
      checkPublishOptions(reader, topic);
    }
    return this.#topics
      .map(({ found: _, attributes, publishers, subscriptions, ...topic }) => ({
        ...topic,
        attributes: [...attributes.keys()],
        publishers: [...publishers].sort(),
        subscriptions: subscriptions.sort((a, b) => (a.name < b.name ? -1 : 1)),
      }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  #readerOf(found: Found<"resource">): ResourceReader {
    return new ResourceReader(found, this.#input.resultOf(found), this.#input.diagnostics);
  }

  #addTopic(reader: ResourceReader): void {
    const { found, call, location } = reader;
    const name = reader.name(0, "TN1280", "topic");
    if (name === null) return;
    const other = this.#topics.find((topic) => topic.name === name);
    if (other !== undefined) {
      reader.report("TN1281", call, { name, other: other.location.file });
      return;
    }
    const options = reader.options(1, ["deliveryGuarantee", "orderingAttribute"]);
    const guarantee = reader.value(options, "deliveryGuarantee") ?? "at-least-once";
    if (guarantee !== "at-least-once" && guarantee !== "exactly-once") {
      const expected = '"at-least-once" or "exactly-once"';
      reader.report("TN1283", options.get("deliveryGuarantee") ?? call, { option: "deliveryGuarantee", expected });
    }
    const message = this.#message(reader);
    const attributes = this.#attributes(found);
    const orderingAttribute = reader.text(options, "orderingAttribute", "TN1283");
    if (orderingAttribute !== undefined && !attributes.has(orderingAttribute)) {
      reader.report("TN1285", options.get("orderingAttribute")!, { name: orderingAttribute });
    }
    this.#topics.push({
      name,
      message,
      deliveryGuarantee: guarantee === "exactly-once" ? guarantee : "at-least-once",
      ...(orderingAttribute === undefined ? {} : { orderingAttribute }),
      attributes,
      publishers: new Set(),
      subscriptions: [],
      location,
      found,
    });
  }

  #message(reader: ResourceReader): Schema {
    const { found, call } = reader;
    const { source, declaration } = found;
    const { signature } = this.#input.resultOf(found);
    for (const { code, path, detail, place } of signature?.problems ?? []) {
      const here = source.lines.place(source.relative, declaration.binding ?? call);
      this.#input.diagnostics.push(createDiagnostic(code, place ?? here, { path, detail }));
    }
    const message = signature?.types["message"] ?? null;
    const schema: Schema = message === null ? { kind: "object", properties: [] } : this.#renamed(message);
    const { kind } = resolveSchema(schema, this.#input.schemas);
    const isReadable = message !== null && (kind === "object" || kind === "union");
    if (!isReadable && (signature?.problems.length ?? 0) === 0) reader.report("TN1284", call);
    return schema;
  }

  #attributes(found: Found<"resource">): Map<string, Schema> {
    const attributes = this.#input.resultOf(found).signature?.types["attributes"] ?? null;
    if (attributes === null) return new Map();
    const resolved = resolveSchema(this.#renamed(attributes), this.#input.schemas);
    return new Map(resolved.kind === "object" ? resolved.properties.map(({ name, schema }) => [name, schema]) : []);
  }

  #addSubscription(service: string, reader: ResourceReader): void {
    const topic = this.#topicAt(reader.reference(0));
    if (topic === undefined) {
      reader.report("TN1286", reader.argument(0) ?? reader.call);
      return;
    }
    const name = reader.name(1, "TN1280", "subscription");
    if (name === null) return;
    const other = topic.subscriptions.find((subscription) => subscription.name === name);
    if (other !== undefined) {
      reader.report("TN1287", reader.call, { name, topic: topic.name, other: other.location.file });
      return;
    }
    const databaseOf = (from: ResourceReader, given: Options) =>
      readSubscriptionDatabase(this.#input, from, given, service);
    const options = readSubscriptionOptions(reader, topic.attributes, this.#input.schemas, databaseOf);
    topic.subscriptions.push({ name, service, ...options, location: reader.location });
  }

  #topicAt(reference: Reference | null): DraftTopic | undefined {
    return this.#topics.find(({ found }) => isReferenceTo(reference, found));
  }

  #renamed(schema: Schema): Schema {
    return renameRefs(schema, this.#input.rename);
  }
}
