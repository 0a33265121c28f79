{ "id": "cache" }
