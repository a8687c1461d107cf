import { useHref, useT } from '../../facts.js';
import { xmlText } from '../lists/feeds.js';

interface ShareProps {
  readonly kind: 'need' | 'project';
  readonly id: string;
  readonly title: string;
  /** Scheme and host of this site: `visit.url.origin`. */
  readonly origin: string;
}

/** How to show an object on another page: a card in a frame and a badge, to be copied. */
export function Share({ kind, id, title, origin }: ShareProps) {
  const t = useT();
  const href = useHref();
  const page = `${origin}${href(`/${kind}s/${id}`)}`;
  const card = `<iframe src="${origin}${href(`/embed/${kind}/${id}`)}" title="${xmlText(title)}" width="420" height="320" loading="lazy"></iframe>`;
  const badge = `<a href="${page}"><img src="${origin}${href(`/badge/${id}.svg`)}" alt="${xmlText(title)}" height="24"></a>`;
  return (
    <section aria-labelledby="share" className="share">
      <h2 id="share">{t('embeds:share.title')}</h2>
      <p>{t('embeds:share.lead')}</p>
      {(
        [
          ['card', card],
          ['badge', badge],
        ] as const
      ).map(([name, code]) => (
        <details key={name}>
          <summary>{t(`embeds:share.${name}`)}</summary>
          <label htmlFor={`share-${name}`}>{t('embeds:share.copy')}</label>
          <textarea id={`share-${name}`} readOnly rows={3} dir="ltr" spellCheck={false} defaultValue={code} />
          <p>
            <a href={href(name === 'card' ? `/embed/${kind}/${id}` : `/badge/${id}.svg`)}>{t('embeds:share.see')}</a>
          </p>
        </details>
      ))}
    </section>
  );
}
