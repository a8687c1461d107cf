import { useLoaderData, type LoaderFunctionArgs } from 'react-router';
import type { Listed } from '../../api.js';
import { DataTable, EmptyState, Notice, Page, Pager, StateBadge, When } from '../../components/index.js';
import { useFacts, useHref, useT } from '../../facts.js';
import { loadSignedIn } from '../../server/load.server.js';
import { needOf } from '../needs-forms/own-need.server.js';
import type { Proposal, Scores } from './proposal.server.js';
import { Points } from './scores-table.js';

const SIZE = 50;

/** Proposals to the need that this reader may see, with the mean of their full scores. */
export const loader = (args: LoaderFunctionArgs) =>
  loadSignedIn(args, async (visit) => {
    const { need } = await needOf(visit, args.params);
    const cursor = visit.url.searchParams.get('cursor') || undefined;
    const { body } = await visit.api.get<Listed<Proposal>>('/proposals', { query: { need: need.id, limit: SIZE, cursor } });
    const items = await Promise.all(
      body.items.map(async (proposal) => {
        const { body: scores } = await visit.api.get<Scores>(`/proposals/${proposal.id}/scores`);
        return { proposal, fullCount: scores.fullCount, meanScore: scores.meanScore };
      }),
    );
    items.sort((a, b) => (b.meanScore ?? -1) - (a.meanScore ?? -1));
    return {
      need: { id: need.id, title: need.title, organisationId: need.organisationId },
      items,
      next: body.next,
      invited: visit.url.searchParams.get('done') === 'invite',
      names: Object.fromEntries(await visit.namesOf(body.items.map(({ leadId }) => leadId))),
    };
  });

/** The proposals to a need side by side, the best first. */
export default function Received() {
  const t = useT();
  const href = useHref();
  const { reader } = useFacts();
  const { need, items, next, invited, names } = useLoaderData<typeof loader>();
  const own = reader?.acting?.id === need.organisationId;
  return (
    <Page
      title={t('needs-forms:do.proposals')}
      over={<bdi>{need.title}</bdi>}
      lead={t('proposals:received.lead')}
      crumbs={[
        { to: '/needs', label: t('needs:list.title') },
        { to: `/needs/${need.id}`, label: need.title },
      ]}
    >
      {invited ? <Notice kind="success">{t('proposals:event.FullProposalInvited')}</Notice> : null}
      {items.length === 0 ? (
        <EmptyState title={t('proposals:list.none')} to={`/needs/${need.id}`} action={t('pledging:choose.back')}>
          {t('proposals:received.none')}
        </EmptyState>
      ) : (
        <DataTable
          caption={t('needs-forms:do.proposals')}
          captionHidden
          rows={items}
          rowKey={({ proposal }) => proposal.id}
          columns={[
            {
              key: 'title',
              label: t('proposals:field.title'),
              heads: true,
              cell: ({ proposal }) => (
                <a href={href(`/proposals/${proposal.id}`)}>
                  <bdi>{proposal.title}</bdi>
                </a>
              ),
            },
            { key: 'lead', label: t('proposals:fact.lead'), cell: ({ proposal }) => <bdi>{names[proposal.leadId]}</bdi> },
            {
              key: 'state',
              label: t('pledging:list.status'),
              cell: ({ proposal }) => <StateBadge kind="proposal" state={proposal.status} />,
            },
            {
              key: 'mean',
              label: t('proposals:fact.mean'),
              number: true,
              cell: ({ meanScore }) => <Points hundredths={meanScore} />,
            },
            { key: 'full', label: t('proposals:scores.fullShort'), number: true, cell: ({ fullCount }) => <bdi>{fullCount}</bdi> },
            { key: 'updated', label: t('proposals:list.updated'), cell: ({ proposal }) => <When at={proposal.updatedAt} /> },
          ]}
        />
      )}
      <Pager next={next} size={SIZE} />
      {own ? (
        <p>
          <a href={href(`/needs/${need.id}/reviewers`)}>{t('needs-forms:do.reviewers')}</a>
        </p>
      ) : null}
    </Page>
  );
}
