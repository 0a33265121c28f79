{ "id": "monorepo-backend" }
