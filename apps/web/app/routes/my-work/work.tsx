import { useLoaderData, type LoaderFunctionArgs } from 'react-router';
import { DataTable, EmptyState, Notice, Page, When } from '../../components/index.js';
import { useFacts, useHref, useT } from '../../facts.js';
import { loadSignedIn } from '../../server/load.server.js';
import { waitingFor, type Waiting } from './waiting.server.js';

/** What waits for the organisation acted for, and for the registrars. */
export const loader = (args: LoaderFunctionArgs) =>
  loadSignedIn(args, async (visit) => {
    const registrar = visit.session?.platformRoles.includes('registrar') ?? false;
    const [waiting, pending] = await Promise.all([
      visit.acting ? waitingFor(visit, visit.acting.id) : [],
      registrar
        ? visit.api.get<{ readonly items: readonly unknown[] }>('/organisations', { query: { standing: 'pending', limit: 1 } })
        : undefined,
    ]);
    return { waiting, verifications: (pending?.body.items.length ?? 0) > 0 };
  });

/** What waits for me. */
export default function Work() {
  const t = useT();
  const href = useHref();
  const { reader } = useFacts();
  const { waiting, verifications } = useLoaderData<typeof loader>();
  const acting = reader?.acting;
  const approver = acting?.roles.includes('approver') ?? false;
  return (
    <Page
      title={t('site:nav.myWork')}
      lead={acting ? t('my-work:work.lead') : t('my-work:work.person')}
      over={acting ? <bdi>{acting.name}</bdi> : undefined}
    >
      <ul className="actions">
        <li>
          <a href={href('/inbox')}>{t('site:nav.inbox')}</a>
        </li>
        <li>
          <a href={href('/acting?return=/my-work')}>{t('site:acting.change')}</a>
        </li>
        {acting ? (
          <>
            <li>
              <a href={href(`/organisations/${acting.id}`)}>{t('my-work:work.organisation')}</a>
            </li>
            <li>
              <a href={href(`/needs?organisation=${acting.id}`)}>{t('my-work:work.needs')}</a>
            </li>
            <li>
              <a href={href('/proposals')}>{t('my-work:work.proposals')}</a>
            </li>
            <li>
              <a href={href(`/pledges?organisation=${acting.id}`)}>{t('my-work:work.pledges')}</a>
            </li>
            <li>
              <a href={href(`/projects?organisation=${acting.id}`)}>{t('my-work:work.projects')}</a>
            </li>
            <li>
              <a href={href('/drafts')}>{t('my-work:drafts.title')}</a>
            </li>
            <li>
              <a href={href('/pins')}>{t('needs-forms:pins.title')}</a>
            </li>
          </>
        ) : null}
      </ul>
      {verifications ? (
        <Notice title={t('my-work:work.verifications')}>
          <p>
            <a href={href('/admin/verification')}>{t('my-work:work.toVerifications')}</a>
          </p>
        </Notice>
      ) : null}
      {acting ? null : (
        <EmptyState title={t('my-work:work.nobodyTitle')} to="/acting?return=/my-work" action={t('site:acting.title')}>
          {t('my-work:work.nobody')}
        </EmptyState>
      )}
      {acting && waiting.length === 0 ? (
        <EmptyState title={t('my-work:work.noneTitle')} to="/needs" action={t('site:home.find')}>
          {t('my-work:work.none')}
        </EmptyState>
      ) : null}
      {waiting.length === 0 ? null : (
        <>
          {approver ? null : <p>{t('my-work:work.approver')}</p>}
          <WaitingTable waiting={waiting} />
        </>
      )}
    </Page>
  );
}

function WaitingTable({ waiting }: { waiting: readonly Waiting[] }) {
  const t = useT();
  const href = useHref();
  return (
    <DataTable
      caption={t('my-work:work.caption')}
      captionHidden
      rows={waiting}
      rowKey={({ key }) => key}
      columns={[
        {
          key: 'step',
          label: t('my-work:step'),
          heads: true,
          cell: ({ step, to, title, second }) => (
            <>
              <a href={href(to)}>
                {t(`my-work:do.${step}`)}
                <span className="visually-hidden">
                  : <bdi>{title}</bdi>
                </span>
              </a>
              {second ? <span className="mark"> {t('my-work:work.second')}</span> : null}
            </>
          ),
        },
        { key: 'about', label: t('my-work:about'), cell: ({ title }) => <bdi>{title}</bdi> },
        { key: 'kind', label: t('my-work:kind'), cell: ({ kind }) => t(`my-work:object.${kind}`) },
        {
          key: 'by',
          label: t('my-work:by'),
          cell: ({ by, overdue }) => (
            <>
              {by === undefined ? t('site:next.noDeadline') : <When at={by} />}{' '}
              {overdue ? <span className="badge ended">{t('my-work:overdue')}</span> : null}
            </>
          ),
        },
      ]}
    />
  );
}
