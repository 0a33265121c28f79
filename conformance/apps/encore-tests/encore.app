{ "id": "encore-tests", "lang": "typescript" }
