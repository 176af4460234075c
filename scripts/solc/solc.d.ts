/** Imports that the input's sources lack, by their name as the compiler sees it. */
type FindImport = (path: string) => { readonly contents: string } | { readonly error: string };

/** The part of solc's JavaScript bindings that is used; the package brings no types. */
declare const solc: {
  compile(input: string, callbacks: { readonly import: FindImport }): string;
};
export default solc;
