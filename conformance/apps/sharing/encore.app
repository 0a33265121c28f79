{ "id": "sharing" }
