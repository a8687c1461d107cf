import type { NeedResource } from '@concord/contracts';
import type { z } from 'zod';
import { Content, countryName, SdgList, StateBadge, When } from '../../components/index.js';
import { useFacts, useHref, useProse, useT } from '../../facts.js';

type Need = z.output<typeof NeedResource>;

/** A need in a list. */
export function NeedCard({ need, owner }: { need: Need; owner: string | undefined }) {
  const t = useT();
  const href = useHref();
  const { locale } = useFacts();
  const prose = useProse();
  const { id, title, language, status, summary, country, sdgTargets, lines, intakeClosesAt } = need;
  const kinds = new Intl.ListFormat(locale, { type: 'unit' }).format([
    ...new Set(lines.map(({ kind }) => t(`words:lineKind.${kind}`))),
  ]);
  return (
    <li className="card">
      <h3>
        <a href={href(`/needs/${id}`)}>
          <Content lang={language}>{title}</Content>
        </a>
      </h3>
      <p className="meta">
        <StateBadge kind="need" state={status} />
        {owner === undefined ? null : <bdi>{owner}</bdi>}
        {country === undefined ? null : <span>{countryName(locale, country)}</span>}
      </p>
      {summary === undefined ? null : (
        <p className="summary" lang={language} dir="auto">
          {prose.words(summary)}
        </p>
      )}
      <SdgList targets={sdgTargets} />
      <p className="meta">
        <span>{t('needs:card.wanted', { kinds })}</span>
        {status === 'published' && intakeClosesAt !== undefined ? (
          <span>
            {t('needs:card.closes')} <When at={intakeClosesAt} />
          </span>
        ) : null}
      </p>
    </li>
  );
}
