import { useLoaderData, type LoaderFunctionArgs } from 'react-router';
import type { Listed } from '../../api.js';
import { EmptyState, Facets, Page, Pager, Results, StateBadge, When, type Facet } from '../../components/index.js';
import { useHref, useT } from '../../facts.js';
import { loadSignedIn } from '../../server/load.server.js';
import type { Proposal } from './proposal.server.js';

const SIZE = 20;

/** Proposals the reader leads, co-authors, decides about or reviews. */
export const loader = (args: LoaderFunctionArgs) =>
  loadSignedIn(args, async (visit) => {
    const given = visit.url.searchParams;
    const query = {
      facets: 'true',
      count: 'estimate',
      limit: String(SIZE),
      status: given.getAll('status'),
      q: given.get('q') || undefined,
      cursor: given.get('cursor') || undefined,
    };
    const { body } = await visit.api.get<Listed<Proposal>>('/proposals', { query });
    return { ...body, names: Object.fromEntries(await visit.namesOf(body.items.map(({ leadId }) => leadId))) };
  });

/** One's proposals, the newest change first. */
export default function Proposals() {
  const t = useT();
  const href = useHref();
  const { items, next, count, facets = {}, names } = useLoaderData<typeof loader>();
  const shown: Facet[] = [
    {
      name: 'status',
      label: t('pledging:list.status'),
      values: (facets['status'] ?? []).map(({ value, count: many }) => ({
        value,
        count: many,
        label: t(`words:proposal.${value}`),
      })),
    },
  ];
  return (
    <Page title={t('proposals:list.title')} lead={t('proposals:list.lead')}>
      <div className="explore">
        <Facets
          facets={shown}
          sorts={[{ value: 'updated', label: t('proposals:list.updated') }]}
          searchLabel={t('proposals:list.search')}
        />
        <div>
          <Results facets={shown} count={count} countKey="proposals:list.count" />
          {items.length === 0 ? (
            <EmptyState title={t('proposals:list.none')} to="/needs" action={t('needs:list.title')}>
              {t('proposals:list.noneText')}
            </EmptyState>
          ) : (
            <ul className="cards">
              {items.map(({ id, title, status, stage, leadId, updatedAt }) => (
                <li key={id} className="card">
                  <h3>
                    <a href={href(`/proposals/${id}`)}>
                      <bdi>{title}</bdi>
                    </a>
                  </h3>
                  <p className="meta">
                    <StateBadge kind="proposal" state={status} />
                    <bdi>{names[leadId]}</bdi>
                    <span>{t(`proposals:stage.${stage}`)}</span>
                    <When at={updatedAt} />
                  </p>
                </li>
              ))}
            </ul>
          )}
          <Pager next={next} size={SIZE} />
        </div>
      </div>
    </Page>
  );
}
