import { createHash } from "node:crypto";
import busboy from "busboy";
import { api } from "tenon/api";

export const upload = api.raw(
  { method: "POST", path: "/files", expose: true, bodyLimit: null },
  (request, response) => {
    const files: object[] = [];
    const form = busboy({ headers: request.headers });
    form.on("file", (field, file, { filename, mimeType }) => {
      const hash = createHash("sha256");
      let bytes = 0;
      file.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
        hash.update(chunk);
      });
      file.on("close", () => files.push({ field, filename, mimeType, bytes, hash: hash.digest("hex") }));
    });
    form.on("close", () => {
      response.writeHead(200, { connection: "close", "content-type": "application/json" });
      response.end(JSON.stringify(files));
    });
    request.pipe(form);
  },
);
