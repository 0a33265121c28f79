// What the catalogues of diagnostics hold for each code.

export interface CatalogueEntry {
  readonly severity: "error" | "warning";
  readonly message: string;
  readonly hint: string;
}
