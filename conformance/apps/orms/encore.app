{ "id": "orms" }
