/**
 * What a route module exports as `handle`. Without it a page is public: HTML and one stylesheet, no script at all.
 */
export interface RouteHandle {
  /** `workspace`: the page is hydrated; everything on it must work before that too. */
  readonly scripts?: true;
  /** Namespaces whose texts the hydrated page uses, besides `site` and `words`. */
  readonly namespaces?: readonly string[];
  /** May stand in a frame of a foreign page: an embedded card. It gets no header, no footer and sets no cookie. */
  readonly embed?: true;
  /** A page made for paper: no header, no footer. */
  readonly bare?: true;
}
