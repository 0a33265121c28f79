// XML both ways: what was written comes back, and no input does more than throw XmlError.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { random } from "../seeded-random.test.support.ts";
import { childrenOf, readXml, textOf, type XmlElement, XmlError } from "./read-xml.ts";
import { writeXml, type XmlNode } from "./write-xml.ts";

describe("readXml", () => {
  it("reads elements, text, entities, CDATA, comments and prefixes", () => {
    const root = readXml(
      `\ufeff<?xml version="1.0"?><!-- a --><s:R xmlns:s='x' a="1 > 0">\n <A>1 &lt; 2 &#252;&#x1F600;</A><A/><B><![CDATA[<&]]></B ></s:R> `,
    );
    assert.equal(root.name, "R");
    assert.deepEqual(
      childrenOf(root, "A").map(({ text }) => text),
      ["1 < 2 ü😀", ""],
    );
    assert.equal(textOf(root, "B"), "<&");
  });

  for (const [what, text] of [
    ["nothing", ""],
    ["no element", "text"],
    ["an element that is not closed", "<a><b></b>"],
    ["another end", "<a></b>"],
    ["a second root", "<a/><b/>"],
    ["a document type", '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'],
    ["an entity of one's own", "<a>&x;</a>"],
    ["an entity without an end", "<a>&amp</a>"],
    ["half a character", "<a>&#xD800;</a>"],
    ["an attribute without quotes", "<a b=c/>"],
    ["elements without end", "<a>".repeat(100)],
  ] as const) {
    it(`refuses ${what}`, () => {
      assert.throws(() => readXml(text), XmlError);
    });
  }

  it("gives back what writeXml wrote", () => {
    const next = random(11);
    const alphabet = ["a", "<", ">", "&", '"', "'", "\n", "\r", " ", "ü", "😀", "]]>", "&amp;", "\u2028"];
    const text = () => Array.from({ length: next(8) }, () => alphabet[next(alphabet.length)]).join("");
    const node = (depth: number): XmlNode =>
      depth === 0 || next(2) === 0
        ? [`N${next(3)}`, text()]
        : [`P${next(3)}`, Array.from({ length: next(4) }, () => node(depth - 1))];
    for (let i = 0; i < 500; i++) {
      const written = node(4);
      assertSame(readXml(writeXml(written, "urn:x")), written);
    }
  });

  it("never does more than refuse what was changed at random", () => {
    const next = random(12);
    const sound = writeXml([
      "Delete",
      [
        ["Object", [["Key", "a&b"]]],
        ["Quiet", true],
      ],
    ]);
    const junk = ["<", ">", "/", "&", ";", '"', "<!--", "<![CDATA[", "\0", "&#x110000;"];
    for (let i = 0; i < 2_000; i++) {
      const at = next(sound.length);
      const text = sound.slice(0, at) + junk[next(junk.length)] + sound.slice(at + next(4));
      try {
        readXml(text);
      } catch (error) {
        assert.ok(error instanceof XmlError, `${text}: ${error}`);
      }
    }
  });
});

function assertSame(read: XmlElement, [name, content]: XmlNode): void {
  assert.equal(read.name, name);
  if (!Array.isArray(content)) {
    assert.equal(read.text, content);
    return;
  }
  const nodes = content as readonly XmlNode[];
  assert.equal(read.children.length, nodes.length);
  for (const [index, node] of nodes.entries()) assertSame(read.children[index]!, node);
}
