import { Notice, StateBadge } from '../../components/index.js';
import { useHref, useT } from '../../facts.js';
import type { Readiness } from './own-need.server.js';
import { isOthers, topicOf } from './topics.js';

/** What is still missing, each with the way to the page where it is given. */
export function Gaps({ needId, gaps }: { needId: string; gaps: Readiness['gaps'] }) {
  const t = useT();
  const href = useHref();
  const own = gaps.filter(({ code }) => !isOthers(code));
  const others = gaps.filter(({ code }) => isOthers(code));
  return (
    <section aria-labelledby="readiness">
      <h2 id="readiness">{t('needs-forms:ready.title')}</h2>
      {own.length === 0 ? (
        <Notice kind="success">{t('needs-forms:ready.complete')}</Notice>
      ) : (
        <>
          <p>{t('needs-forms:ready.missing', { count: own.length })}</p>
          <ul>
            {own.map(({ code, pointer }) => (
              <li key={code}>
                <a href={href(`/needs/${needId}/edit/${topicOf(pointer)}`)}>{t(`needs-forms:gap.${code}`)}</a>
              </li>
            ))}
          </ul>
        </>
      )}
      {others.map(({ code }) => (
        <p key={code}>{t(`needs-forms:gap.${code}`)}</p>
      ))}
    </section>
  );
}

/** Published needs that look the same (R29): to be read before another one is posted. */
export function Similar({ similar }: { similar: Readiness['similar'] }) {
  const t = useT();
  const href = useHref();
  if (similar.length === 0) return null;
  return (
    <Notice kind="warning" title={t('needs-forms:similar.title', { count: similar.length })}>
      <p>{t('needs-forms:similar.text')}</p>
      <ul>
        {similar.map(({ id, title, status }) => (
          <li key={id}>
            <a href={href(`/needs/${id}`)}>
              <bdi>{title}</bdi>
            </a>{' '}
            <StateBadge kind="need" state={status} />
          </li>
        ))}
      </ul>
    </Notice>
  );
}
