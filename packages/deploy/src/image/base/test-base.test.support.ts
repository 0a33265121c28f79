// A base image of a few bytes, for tests that look at what is put on it and where it goes.
import { blobOf, digestOf } from "../blob.ts";
import { LAYER_TYPE } from "../layer.ts";
import { type Platform, platformText } from "../platform.ts";
import type { BaseImage } from "./base-image.ts";

export function testBase(platform: Platform): BaseImage {
  const bytes = Buffer.from(`a base for ${platformText(platform)}`);
  return {
    platform,
    layers: [{ blob: blobOf(LAYER_TYPE, bytes), diffId: digestOf(bytes) }],
    history: [{ created_by: "base" }],
    env: ["PATH=/usr/bin"],
    labels: {},
  };
}
