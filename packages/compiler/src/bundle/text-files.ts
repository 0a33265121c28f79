// The files that an import gives as text: templates, queries, documents.

const endings = "html htm txt md sql graphql gql hbs handlebars ejs pug mustache svg xml csv";

/** For the bundler: ending -> how it is read. */
export const textFiles: Readonly<Record<string, "text">> = Object.fromEntries(
  endings.split(" ").map((ending) => [`.${ending}`, "text" as const]),
);
