import { createContext, use, type ReactNode } from 'react';
import type { Locale } from './locale.js';

/** Translates a key `namespace:path.to.key`; `count` selects the plural form, other values fill `{{name}}`. */
export type Translate = (key: string, values?: Readonly<Record<string, string | number>>) => string;

/** The organisation somebody acts for. Roles are for showing what is worth offering; the API decides. */
export interface Acting {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly standing: string;
  readonly roles: readonly string[];
}

/** Who is signed in, as pages may show it. */
export interface Reader {
  readonly personId: string;
  readonly name: string;
  readonly platformRoles: readonly string[];
  readonly acting?: Acting;
}

/** What every component of a page may know. Only what is here, and a route's loader answer, reaches a browser with scripts. */
export interface Facts {
  readonly locale: Locale;
  /** Path below the language, with a leading slash, without the query. */
  readonly path: string;
  /** Query with its question mark, or empty. */
  readonly search: string;
  readonly reader?: Reader;
  /** The session of this browser ended by itself; the page says so. */
  readonly sessionEnded: boolean;
  /** Where the rooms are; the page's own origin when absent. */
  readonly realtimeUrl?: string;
  readonly version: string;
  /** Unread items of the reader's inbox, absolute, and the sequence that orders such counts (UX-12). */
  readonly unread?: Unread;
  /** The script that keeps pages of signed-in readers live: see components/live.tsx. */
  readonly liveScript?: string;
}

/** How many items of an inbox are unread; of two counts the one with the higher sequence is true. */
export interface Unread {
  readonly count: number;
  readonly sequence: number;
}

interface Given extends Facts {
  readonly t: Translate;
  /** Markdown as HTML that is safe to show, and as words on one line. On the server only: a hydrated page shows no prose. */
  readonly prose?: { html(text: string): string; words(text: string): string };
  /** Lets this page's scripts run; a page without scripts has none. */
  readonly nonce?: string;
  /** Facts and texts as JSON for the scripts of a hydrated page. */
  readonly sent?: string;
  /**
   * Names of the page's fields, from the outermost group to the field itself, by the name in the form. Fields write theirs; the
   * summary of faults, which stands above them, reads them in a second rendering.
   */
  readonly fieldNames?: Map<string, readonly string[]>;
}

const FactsContext = createContext<Given | undefined>(undefined);

/** Gives a page its facts and texts. */
export const FactsProvider = ({ value, children }: { value: Given; children: ReactNode }) => (
  <FactsContext value={value}>{children}</FactsContext>
);

/** The facts of this page. */
export function useFacts(): Given {
  const facts = use(FactsContext);
  if (!facts) throw new Error('A page is rendered outside FactsProvider: see entry.server.tsx.');
  return facts;
}

/** The translator of this page's language. */
export const useT = (): Translate => useFacts().t;

/** The writer of this page's prose. */
export function useProse(): NonNullable<Given['prose']> {
  const { prose } = useFacts();
  if (!prose) throw new Error('Prose is written on the server: a page that shows some cannot have `scripts: true`.');
  return prose;
}

/** Makes an address in the language of the page: `useHref()('/needs')` is `/ar/needs`. */
export function useHref(): (path: string) => string {
  const { locale } = useFacts();
  return (path) => `/${locale}${path === '/' ? '' : path}`;
}
