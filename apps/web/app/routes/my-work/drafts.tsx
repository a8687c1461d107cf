import type { NeedResource, ProposalResource } from '@concord/contracts';
import { useLoaderData, type LoaderFunctionArgs } from 'react-router';
import type { z } from 'zod';
import type { Listed } from '../../api.js';
import { DataTable, EmptyState, Page, StateBadge, When } from '../../components/index.js';
import { useFacts, useHref, useT } from '../../facts.js';
import { loadSignedIn } from '../../server/load.server.js';
import type { Visit } from '../../server/visit.server.js';
import { may } from '../needs-forms/may.js';

/** Drafts read of each kind; the lists have the rest. */
const LIMIT = 100;
/** Days without a change after which a need's draft expires: the clock row of needs in the table of states. */
const IDLE_DAYS = 180;

/** What somebody of the organisation began and has not sent off. */
interface Draft {
  readonly kind: 'need' | 'proposal';
  readonly id: string;
  readonly title: string;
  /** Language of the title, where it is known (BCP 47). */
  readonly language?: string;
  /** RFC 3339 instant of the last change. */
  readonly updatedAt: string;
  /** Why it came back; only what was returned has a reason while it is a draft. */
  readonly returned?: string;
  /** The organisation leads it, and so may take it back; a co-author may not. */
  readonly own: boolean;
}

async function draftsOf(visit: Visit, organisation: string) {
  const list = async <T,>(path: string, query: Readonly<Record<string, string>>) =>
    (await visit.api.get<Listed<T>>(path, { query: { status: 'draft', limit: LIMIT, ...query } })).body;
  const [needs, proposals] = await Promise.all([
    list<z.output<typeof NeedResource>>('/needs', { organisation, sort: 'recently_updated' }),
    list<z.output<typeof ProposalResource>>('/proposals', {}),
  ]);
  const drafts: Draft[] = [
    ...needs.items.map(({ id, title, language, updatedAt, reason }) => ({
      kind: 'need' as const,
      id,
      title,
      language,
      updatedAt,
      own: true,
      ...(reason === undefined ? {} : { returned: reason.text }),
    })),
    ...proposals.items
      .filter(({ leadId, partnerIds }) => leadId === organisation || partnerIds.includes(organisation))
      .map(({ id, title, updatedAt, leadId }) => ({
        kind: 'proposal' as const,
        id,
        title,
        updatedAt,
        own: leadId === organisation,
      })),
  ];
  drafts.sort((a, b) => b.updatedAt.localeCompare(a.updatedAt));
  return { drafts, more: { need: needs.next !== undefined, proposal: proposals.next !== undefined } };
}

/** Drafts of the organisation acted for. */
export const loader = (args: LoaderFunctionArgs) =>
  loadSignedIn(args, async (visit) =>
    visit.acting ? draftsOf(visit, visit.acting.id) : { drafts: [], more: { need: false, proposal: false } },
  );

/** What was begun, the newest change first: go on with it, or discard it. */
export default function Drafts() {
  const t = useT();
  const href = useHref();
  const { reader } = useFacts();
  const { drafts, more } = useLoaderData<typeof loader>();
  const acting = reader?.acting;
  return (
    <Page
      title={t('my-work:drafts.title')}
      lead={acting ? t('my-work:drafts.lead', { days: IDLE_DAYS }) : t('my-work:work.person')}
      over={acting ? <bdi>{acting.name}</bdi> : undefined}
      crumbs={[{ to: '/my-work', label: t('site:nav.myWork') }]}
    >
      {acting === undefined ? (
        <EmptyState title={t('my-work:work.nobodyTitle')} to="/acting?return=/drafts" action={t('site:acting.title')}>
          {t('my-work:work.nobody')}
        </EmptyState>
      ) : drafts.length === 0 ? (
        <EmptyState title={t('my-work:drafts.none')} to="/needs/new" action={t('site:home.post')}>
          {t('my-work:drafts.noneText')}
        </EmptyState>
      ) : (
        <>
          {may(acting, 'editor') ? null : <p>{t('my-work:drafts.editors')}</p>}
          <DraftTable drafts={drafts} />
        </>
      )}
      {more.need && acting ? (
        <p>
          <a href={href(`/needs?status=draft&organisation=${acting.id}`)}>{t('my-work:drafts.allNeeds')}</a>
        </p>
      ) : null}
      {more.proposal ? (
        <p>
          <a href={href('/proposals?status=draft')}>{t('my-work:drafts.allProposals')}</a>
        </p>
      ) : null}
    </Page>
  );
}

function DraftTable({ drafts }: { drafts: readonly Draft[] }) {
  const t = useT();
  const href = useHref();
  const { reader } = useFacts();
  const edits = may(reader?.acting, 'editor');
  const discards = may(reader?.acting, 'approver');
  const placeOf = ({ kind, id }: Draft) => href(`/${kind}s/${id}`);
  return (
    <DataTable
      caption={t('my-work:drafts.title')}
      captionHidden
      rows={drafts}
      rowKey={({ id }) => id}
      columns={[
        {
          key: 'title',
          label: t('my-work:about'),
          heads: true,
          cell: (draft) => (
            <a href={placeOf(draft)}>
              <bdi lang={draft.language}>{draft.title}</bdi>
            </a>
          ),
        },
        {
          key: 'state',
          label: t('my-work:drafts.state'),
          cell: ({ kind, returned }) => (
            <>
              {t(`my-work:object.${kind}`)}{' '}
              {returned === undefined ? (
                <StateBadge kind={kind} state="draft" />
              ) : (
                <>
                  <span className="badge ended">{t('my-work:drafts.returned')}</span> <bdi>{returned}</bdi>
                </>
              )}
            </>
          ),
        },
        { key: 'changed', label: t('my-work:drafts.changed'), cell: ({ updatedAt }) => <When at={updatedAt} /> },
        {
          key: 'step',
          label: t('my-work:step'),
          cell: (draft) => (
            <ul className="nav">
              {edits ? <Step to={`${placeOf(draft)}/edit`} label={t('my-work:drafts.continue')} title={draft.title} /> : null}
              {discards && draft.own ? (
                <Step to={`${placeOf(draft)}/steps/withdraw`} label={t('my-work:drafts.discard')} title={draft.title} />
              ) : null}
              {edits || (discards && draft.own) ? null : (
                <Step to={placeOf(draft)} label={t('my-work:drafts.look')} title={draft.title} />
              )}
            </ul>
          ),
        },
      ]}
    />
  );
}

function Step({ to, label, title }: { to: string; label: string; title: string }) {
  return (
    <li>
      <a href={to}>
        {label}
        <span className="visually-hidden">
          : <bdi>{title}</bdi>
        </span>
      </a>
    </li>
  );
}
