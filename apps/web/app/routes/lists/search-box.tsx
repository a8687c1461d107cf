import { useHref, useT } from '../../facts.js';

/** Longest text the lists search for, as the API says. */
export const SEARCH_TEXT_MAX = 200;

/** One field that leads to what is found among needs, projects and organisations; `quiet` where other things matter more. */
export function SearchBox({ q = '', quiet = false }: { q?: string; quiet?: boolean }) {
  const t = useT();
  const href = useHref();
  return (
    <form className="search" method="get" action={href('/search')} role="search">
      <div className="field">
        <label htmlFor="q">{t('lists:search.label')}</label>
        <input id="q" type="search" name="q" maxLength={SEARCH_TEXT_MAX} defaultValue={q} dir="auto" />
      </div>
      <button type="submit" className={quiet ? 'quiet' : undefined}>
        {t('lists:search.submit')}
      </button>
    </form>
  );
}
