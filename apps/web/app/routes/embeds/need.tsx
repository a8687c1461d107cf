import type { NeedFunding, NeedResource } from '@concord/contracts';
import { useLoaderData, type LoaderFunctionArgs } from 'react-router';
import type { z } from 'zod';
import { countryName, percentText, Quantity, StackedBar, StateBadge } from '../../components/index.js';
import { useFacts, useT } from '../../facts.js';
import type { RouteHandle } from '../../handle.js';
import { load } from '../../server/load.server.js';
import { EmbedCard } from './card.js';

type Need = z.output<typeof NeedResource>;

/** In a frame anywhere: nobody is signed in here, so that nothing but what is public can show. */
export const handle: RouteHandle = { embed: true };

/** A need as everybody sees it, and its figures. */
export const loader = (args: LoaderFunctionArgs) =>
  load(args, async (visit) => {
    const path = `/needs/${encodeURIComponent(args.params['id'] ?? '')}`;
    const api = visit.publicApi;
    const { body: need } = await api.get<Need>(path);
    const { body: funding } = await api.get<z.output<typeof NeedFunding>>(`${path}/funding`);
    const { id, title, language, status, country, organisationId } = need;
    const owner = (await visit.namesOf([organisationId])).get(organisationId);
    return { id, title, language, status, country, owner, units: funding.units };
  });

/** The progress card of a need. */
export default function NeedCard() {
  const t = useT();
  const { locale } = useFacts();
  const { id, title, language, status, country, owner, units } = useLoaderData<typeof loader>();
  return (
    <EmbedCard
      title={title}
      lang={language}
      to={`/needs/${id}`}
      over={
        <>
          {t('embeds:need')} · <StateBadge kind="need" state={status} />
        </>
      }
    >
      <p className="meta">
        {owner === undefined ? null : <bdi>{owner}</bdi>}
        {country === undefined ? null : <span>{countryName(locale, country)}</span>}
      </p>
      <ul className="lines">
        {units.map(({ kind, unit, target, pledged, confirmed, delivered }) => (
          <li key={`${kind} ${unit}`}>
            <p className="meta">
              <b>{t(`words:lineKind.${kind}`)}</b>
              <span>
                {t('embeds:pledged')} <bdi>{percentText(locale, pledged, target)}</bdi> {t('embeds:of')}{' '}
                <Quantity value={target} unit={unit} />
              </span>
            </p>
            <StackedBar
              label={t(`words:lineKind.${kind}`)}
              total={target}
              unit={unit}
              parts={[
                { kind: 'pledged', label: t('lists:figure.pledged'), value: pledged },
                { kind: 'committed', label: t('lists:figure.confirmed'), value: confirmed },
                { kind: 'delivered', label: t('lists:figure.delivered'), value: delivered },
              ]}
            />
          </li>
        ))}
      </ul>
    </EmbedCard>
  );
}
