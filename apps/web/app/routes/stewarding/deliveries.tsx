import { useLoaderData, type LoaderFunctionArgs } from 'react-router';
import type { Listed } from '../../api.js';
import { DataTable, EmptyState, Pager, Quantity, StateBadge, When } from '../../components/index.js';
import { useFacts, useHref, useT } from '../../facts.js';
import { loadSignedIn } from '../../server/load.server.js';
import { boardOf, namesFor, parameter } from '../projects/board.js';
import type { Pledge } from '../projects/budget-rows.js';
import { Organisation, ProjectFrame } from '../projects/frame.js';
import type { Delivery } from './delivery-body.js';
import { Left } from './left.js';
import { may } from './may.js';

const SIZE = 50;

/** Deliveries that concern the organisation acted for, and its open commitments. */
export const loader = (args: LoaderFunctionArgs) =>
  loadSignedIn(args, async (visit) => {
    const { board } = await boardOf(visit, parameter(args, 'id'));
    const { id, title } = board.project;
    const cursor = visit.url.searchParams.get('cursor') || undefined;
    const mine = visit.acting?.id;
    const [{ body }, pledges] = await Promise.all([
      visit.api.get<Listed<Delivery>>('/deliveries', { query: { project: id, limit: String(SIZE), cursor } }),
      mine === undefined
        ? []
        : visit.api
            .get<Listed<Pledge>>('/pledges', { query: { project: id, organisation: mine, limit: '100' } })
            .then((one) => one.body.items),
    ]);
    const names = await namesFor(
      visit,
      board,
      body.items.flatMap(({ organisationId, recipientId }) => [organisationId, recipientId]),
    );
    const open = pledges.filter(({ status }) => status === 'confirmed' || status === 'partly_delivered');
    return { project: { id, title }, deliveries: body.items, next: body.next, open, names };
  });

/** What was recorded as delivered, what waits for whom, and what can be recorded now. */
export default function Deliveries() {
  const t = useT();
  const href = useHref();
  const { reader } = useFacts();
  const { project, deliveries, next, open, names } = useLoaderData<typeof loader>();
  const top = `/projects/${project.id}/deliveries`;
  const records = open.filter(({ organisationId, kind }) =>
    may(reader?.acting, kind === 'expertise' ? 'field' : 'editor', [organisationId]),
  );
  return (
    <ProjectFrame project={project} title={t('stewarding:deliveries.title')} lead={t('stewarding:deliveries.lead')}>
      <OpenCommitments top={top} pledges={records} />
      {deliveries.length === 0 ? (
        <EmptyState title={t('stewarding:deliveries.none')}>{t('stewarding:deliveries.noneText')}</EmptyState>
      ) : (
        <DataTable
          caption={t('stewarding:deliveries.caption')}
          rows={deliveries}
          rowKey={({ id }) => id}
          columns={[
            {
              key: 'what',
              label: t('stewarding:deliveries.one'),
              heads: true,
              cell: ({ id, quantity, unit }) => (
                <a href={href(`${top}/${id}`)}>
                  <Quantity value={quantity} unit={unit} />
                </a>
              ),
            },
            {
              key: 'state',
              label: t('projects:column.state'),
              cell: ({ status }) => <StateBadge kind="delivery" state={status} />,
            },
            {
              key: 'from',
              label: t('stewarding:deliveries.from'),
              cell: ({ organisationId }) => <Organisation id={organisationId} names={names} />,
            },
            {
              key: 'to',
              label: t('stewarding:deliveries.to'),
              cell: ({ recipientId }) => <Organisation id={recipientId} names={names} />,
            },
            { key: 'at', label: t('stewarding:deliveries.at'), cell: ({ recordedAt }) => <When at={recordedAt} /> },
          ]}
        />
      )}
      <Pager next={next} size={SIZE} />
    </ProjectFrame>
  );
}

function OpenCommitments({ top, pledges }: { top: string; pledges: readonly Pledge[] }) {
  const t = useT();
  const href = useHref();
  if (pledges.length === 0) return null;
  return (
    <section aria-labelledby="record">
      <h2 id="record">{t('stewarding:deliveries.open')}</h2>
      <ul>
        {pledges.map((pledge) => (
          <li key={pledge.id}>
            <a href={href(`${top}/new/${pledge.id}`)}>
              {t('stewarding:do.deliveries.record')}: {t(`words:lineKind.${pledge.kind}`)}
            </a>{' '}
            · <Left pledge={pledge} />
          </li>
        ))}
      </ul>
    </section>
  );
}
