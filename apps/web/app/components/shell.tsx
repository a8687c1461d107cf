import { useFacts, useHref, useT } from '../facts.js';
import { LOCALE_NAMES, LOCALES } from '../locale.js';
import { InboxLink, LiveState } from './live.js';
import { Notice } from './notice.js';

const AREAS = [
  ['/needs', 'site:nav.needs'],
  ['/projects', 'site:nav.projects'],
  ['/organisations', 'site:nav.organisations'],
  ['/search', 'site:nav.search'],
] as const;

/** Header, main part and footer of every page. */
export function Shell({ children }: { children: React.ReactNode }) {
  const t = useT();
  const { sessionEnded } = useFacts();
  return (
    <>
      <a className="skip" href="#main">
        {t('site:skip')}
      </a>
      <Header />
      <main id="main" className="wrap" tabIndex={-1}>
        <LiveState />
        {sessionEnded ? <Notice kind="warning">{t('site:sessionEnded')}</Notice> : null}
        {children}
      </main>
      <Footer />
    </>
  );
}

function Header() {
  const t = useT();
  const href = useHref();
  const { path, reader } = useFacts();
  const areas = reader ? [...AREAS, ['/my-work', 'site:nav.myWork'] as const] : AREAS;
  return (
    <header className="site-header">
      <div className="wrap site-header-row">
        <a className="brand" href={href('/')}>
          <svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true" focusable="false">
            <circle cx="12" cy="16" r="9" fill="none" stroke="currentColor" strokeWidth="3" />
            <circle cx="20" cy="16" r="9" fill="none" stroke="currentColor" strokeWidth="3" />
          </svg>
          Concord
        </a>
        <nav aria-label={t('site:nav.main')}>
          <ul className="nav">
            {areas.map(([to, label]) => (
              <li key={to}>
                <a
                  href={href(to)}
                  {...(path === to || path.startsWith(`${to}/`) ? { 'aria-current': path === to ? 'page' : 'true' } : {})}
                >
                  {t(label)}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <InboxLink />
        <LanguageSwitch />
        <Account />
      </div>
    </header>
  );
}

/** Keeps the page and its filters. */
function LanguageSwitch() {
  const t = useT();
  const { locale, path, search } = useFacts();
  return (
    <details className="menu">
      <summary>
        <span className="visually-hidden">{t('site:language')}: </span>
        <bdi>{LOCALE_NAMES[locale]}</bdi>
      </summary>
      <ul>
        {LOCALES.map((one) => (
          <li key={one}>
            <a
              href={`/${one}${path === '/' ? '' : path}${search}`}
              lang={one}
              hrefLang={one}
              {...(one === locale ? { 'aria-current': 'true' } : {})}
            >
              <bdi>{LOCALE_NAMES[one]}</bdi>
            </a>
          </li>
        ))}
      </ul>
    </details>
  );
}

function Account() {
  const t = useT();
  const href = useHref();
  const { reader, path, search } = useFacts();
  if (!reader) {
    const back = path === '/sign-in' ? '' : `?return=${encodeURIComponent(path + search)}`;
    return (
      <a className="button quiet" href={`${href('/sign-in')}${back}`}>
        {t('site:signIn.title')}
      </a>
    );
  }
  return (
    <details className="menu">
      <summary>
        <bdi>{reader.name}</bdi>
        {reader.acting ? (
          <small>
            <bdi>{reader.acting.name}</bdi>
          </small>
        ) : null}
      </summary>
      <ul>
        <li>
          <a href={href('/my-work')}>{t('site:nav.myWork')}</a>
        </li>
        <li>
          <a href={href('/inbox')}>{t('site:nav.inbox')}</a>
        </li>
        <li>
          <a href={href('/acting')}>{t('site:acting.change')}</a>
        </li>
        <li>
          <a href={href('/settings')}>{t('site:nav.settings')}</a>
        </li>
        {reader.platformRoles.length > 0 ? (
          <li>
            <a href={href('/admin')}>{t('site:nav.administration')}</a>
          </li>
        ) : null}
        <li>
          <form method="post" action={href('/sign-out')}>
            <button type="submit" className="link">
              {t('site:signOut')}
            </button>
          </form>
        </li>
      </ul>
    </details>
  );
}

function Footer() {
  const t = useT();
  const href = useHref();
  const { version } = useFacts();
  return (
    <footer className="site-footer">
      <div className="wrap">
        <p>{t('site:footer.purpose')}</p>
        <ul className="nav">
          <li>
            <a href={href('/accessibility')}>{t('site:accessibility.title')}</a>
          </li>
          <li>
            <a href={href('/problems')}>{t('site:problems.title')}</a>
          </li>
          <li>
            <a href={href('/map')}>{t('site:footer.map')}</a>
          </li>
          <li>
            <a href={href('/data')}>{t('site:footer.data')}</a>
          </li>
          <li>
            <a href={href('/verify')}>{t('site:footer.verify')}</a>
          </li>
          <li>
            <a href={href('/developers')}>{t('site:footer.developers')}</a>
          </li>
          <li>
            <a href={href('/policies')}>{t('site:footer.policies')}</a>
          </li>
        </ul>
        <p>
          <small>
            <bdi>Concord {version}</bdi>
          </small>
        </p>
      </div>
    </footer>
  );
}
