// Style sheets are bundled by Vite; for the type check they are modules without exports.
declare module "*.css" {}
