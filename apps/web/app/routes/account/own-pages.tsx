import { useFacts, useHref, useT } from '../../facts.js';

/** Way between the pages with which an organisation looks after itself. */
export function OwnPages({ id }: { id: string }) {
  const t = useT();
  const href = useHref();
  const { path } = useFacts();
  const pages = ['edit', 'verification', 'members'] as const;
  return (
    <nav aria-label={t('account:own.nav')}>
      <ul className="nav own-pages">
        {pages.map((page) => {
          const to = `/organisations/${id}/${page}`;
          return (
            <li key={page}>
              <a href={href(to)} {...(path.startsWith(to) ? { 'aria-current': 'page' as const } : {})}>
                {t(`account:own.${page}`)}
              </a>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
