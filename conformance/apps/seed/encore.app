{
  // The app's id; every field is optional.
  "id": "seed"
}
