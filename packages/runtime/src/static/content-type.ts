// The media type of a file, by its ending. Text is UTF-8: nothing else is written today, and guessing would have to read the file.

const TEXT = "; charset=utf-8";

const TYPES: Readonly<Record<string, string>> = {
  aac: "audio/aac",
  apng: "image/apng",
  atom: `application/atom+xml${TEXT}`,
  avif: "image/avif",
  bmp: "image/bmp",
  css: `text/css${TEXT}`,
  csv: `text/csv${TEXT}`,
  cjs: `text/javascript${TEXT}`,
  eot: "application/vnd.ms-fontobject",
  flac: "audio/flac",
  gif: "image/gif",
  gz: "application/gzip",
  htm: `text/html${TEXT}`,
  html: `text/html${TEXT}`,
  ico: "image/x-icon",
  ics: `text/calendar${TEXT}`,
  jpeg: "image/jpeg",
  jpg: "image/jpeg",
  js: `text/javascript${TEXT}`,
  json: "application/json",
  jsonld: "application/ld+json",
  jxl: "image/jxl",
  m4a: "audio/mp4",
  m4v: "video/mp4",
  map: "application/json",
  md: `text/markdown${TEXT}`,
  mjs: `text/javascript${TEXT}`,
  mov: "video/quicktime",
  mp3: "audio/mpeg",
  mp4: "video/mp4",
  mpeg: "video/mpeg",
  oga: "audio/ogg",
  ogg: "audio/ogg",
  ogv: "video/ogg",
  opus: "audio/ogg",
  otf: "font/otf",
  pdf: "application/pdf",
  png: "image/png",
  rss: `application/rss+xml${TEXT}`,
  svg: `image/svg+xml${TEXT}`,
  tar: "application/x-tar",
  tif: "image/tiff",
  tiff: "image/tiff",
  ttf: "font/ttf",
  txt: `text/plain${TEXT}`,
  vtt: `text/vtt${TEXT}`,
  wasm: "application/wasm",
  wav: "audio/wav",
  weba: "audio/webm",
  webm: "video/webm",
  webmanifest: "application/manifest+json",
  webp: "image/webp",
  woff: "font/woff",
  woff2: "font/woff2",
  xhtml: `application/xhtml+xml${TEXT}`,
  xml: `application/xml${TEXT}`,
  yaml: `application/yaml${TEXT}`,
  yml: `application/yaml${TEXT}`,
  zip: "application/zip",
};

const COMPRESSIBLE =
  /^(?:text\/|application\/(?:json|wasm|manifest\+json|ld\+json|vnd\.ms-fontobject)|font\/[ot]tf|image\/(?:bmp|x-icon)|[^;]+\+xml|application\/(?:xml|yaml))/;

export function contentTypeOf(fileName: string): string {
  const dot = fileName.lastIndexOf(".");
  const ending = dot === -1 ? "" : fileName.slice(dot + 1).toLowerCase();
  return Object.hasOwn(TYPES, ending) ? TYPES[ending]! : "application/octet-stream";
}

/** Images, sound, video and archives are compressed already. */
export function isCompressible(contentType: string): boolean {
  return COMPRESSIBLE.test(contentType);
}
