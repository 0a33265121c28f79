{
  // Comments are allowed here.
  "id": "reference",
  "lang": "typescript",
  "global_cors": { "allow_origins_with_credentials": ["https://app.example.com"], "expose_headers": ["X-Layers"] }
}
