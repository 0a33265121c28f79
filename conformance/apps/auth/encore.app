{
  "id": "auth",
  "global_cors": {
    "allow_headers": ["X-Extra"],
    "expose_headers": ["X-Shown"],
    "allow_origins_with_credentials": ["https://app.example.com", "https://*.preview.example.com"],
    "allow_origins_without_credentials": ["https://app.example.com", "https://reader.example.com"],
  },
}
