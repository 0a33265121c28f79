{
  // The form that Encore.ts writes: comments, an empty id, fields that only its cloud reads, and a comma at the end.
  "id": "",
  "lang": "typescript",
}
