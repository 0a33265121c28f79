// Rules for every file: sources (not tests) open with what they are for and stay short, index.ts only at a package's root, kebab-case names, and
// nothing of one machine (its folders, its registry) in what is committed.
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { isTest } from "./read-repository.mjs";

const maxLines = 500;
const sourceEnding = /\.([cm]?[jt]s|tsx)$/;
/** Written in another project's style on purpose, or kept as a measurement. */
const exempt = ["conformance/apps/", "bench/results/"];

const machineTraces = [
  { pattern: /(?<![\w.~$}])\/(?:root|home\/[a-z][\w-]*|Users\/[A-Za-z][\w-]*)\//, what: "a home folder" },
  { pattern: /(?<![\w.~$}/])\/work\/(?:main|wt|shared|briefs)\b/, what: "a folder of one machine" },
  { pattern: /[A-Z]:\\{1,2}Users\\/, what: "a home folder" },
  {
    pattern: /\bregistry\.[a-z0-9-]+\.[a-z]{2,}|\/\/[\w.-]+\/(?:api\/npm|repository\/npm)/,
    what: "the host of a registry",
  },
];

/** @returns {string[]} */
export function checkFiles(root, files) {
  const problems = [];
  for (const file of files) {
    const bytes = readFileSync(join(root, file));
    if (bytes.subarray(0, 8000).includes(0)) continue;
    const text = bytes.toString("utf8");
    problems.push(...checkTraces(file, text));
    if (sourceEnding.test(file) && !isExempt(file)) problems.push(...checkSource(file, text));
  }
  return problems;
}

function checkTraces(file, text) {
  const problems = [];
  for (const [index, line] of text.split("\n").entries()) {
    for (const { pattern, what } of machineTraces) {
      if (pattern.test(line)) problems.push(`${file}:${index + 1}: names ${what}: ${pattern.exec(line)[0]}`);
    }
  }
  return problems;
}

function isExempt(file) {
  return exempt.some((folder) => file.startsWith(folder)) || file.includes("/fixtures/");
}

function checkSource(file, text) {
  const problems = [];
  const name = basename(file);
  if (!isTest(file) && !/^(\/\/|\/\*)/.test(text.replace(/^#!.*\n/, "").trimStart())) {
    problems.push(`${file}:1: must open with a comment that says what the file is for`);
  }
  if (/^index\.[a-z]+$/.test(name) && !/^packages\/(adapters\/)?[^/]+\/src\/index\.ts$/.test(file)) {
    problems.push(`${file}: index files stand only at a package's root`);
  }
  if (!/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)+$/.test(name)) problems.push(`${file}: file names are kebab-case`);
  const lines = text.split("\n").length;
  if (lines > maxLines && !isTest(file)) problems.push(`${file}: has ${lines} lines, more than ${maxLines}`);
  return problems;
}
