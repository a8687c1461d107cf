import type { NeedFunding, NeedOutcome, NeedResource } from '@concord/contracts';
import { useLoaderData, type LoaderFunctionArgs } from 'react-router';
import type { z } from 'zod';
import {
  Content,
  countryName,
  DataTable,
  NextStep,
  numberText,
  Page,
  SdgList,
  StateBadge,
  Timeline,
  When,
} from '../../components/index.js';
import { LiveNews } from '../../components/live.js';
import type { HistoryEntry, Listed } from '../../api.js';
import { useFacts, useHref, useT } from '../../facts.js';
import { load } from '../../server/load.server.js';
import { NeedActions } from '../needs-forms/need-actions.js';
import { Share } from '../embeds/share.js';
import { ListExports } from '../lists/list-exports.js';
import { FollowForm } from '../my-work/follow-form.js';
import { followOf } from '../my-work/follows.server.js';
import { Funding } from './funding.js';
import { nextOf } from './need-next.js';

type Need = z.output<typeof NeedResource>;
type Outcome = z.output<typeof NeedOutcome>;

const PUBLIC_OUTCOME: readonly string[] = ['matching', 'partnered', 'closed'];

/** A need with what was promised for it and what has happened to it. */
export const loader = (args: LoaderFunctionArgs) =>
  load(args, async (visit) => {
    const { api } = visit;
    const path = `/needs/${encodeURIComponent(args.params['id'] ?? '')}`;
    const { body: need } = await api.get<Need>(path);
    const isPublic = need.publishedAt !== undefined;
    const [funding, history, outcome, follow] = await Promise.all([
      isPublic ? api.get<z.output<typeof NeedFunding>>(`${path}/funding`).then(({ body }) => body.lines) : [],
      api.get<Listed<HistoryEntry>>(`${path}/history`, { query: { limit: 100 } }).then(({ body }) => body.items),
      PUBLIC_OUTCOME.includes(need.status) ? api.get<Outcome>(`${path}/outcome`).then(({ body }) => body) : undefined,
      followOf(visit, 'need', need.id),
    ]);
    const { accepted, declined = [] } = outcome ?? {};
    const ids = [
      need.organisationId,
      ...need.endorserIds,
      ...(need.award ? [need.award.leadId] : []),
      ...history.flatMap(({ organisation }) => organisation ?? []),
      ...(accepted ? [accepted.leadId, ...accepted.partnerIds] : []),
      ...declined.map(({ leadId }) => leadId),
    ];
    const { origin } = visit.url;
    return { need, funding, history, outcome, follow, origin, names: Object.fromEntries(await visit.namesOf(ids)) };
  });

/** One need: what is asked, what came of it, who must act. */
export default function NeedPage() {
  const t = useT();
  const { reader } = useFacts();
  const { need, funding, history, outcome, follow, origin, names } = useLoaderData<typeof loader>();
  const { title, language, status, summary, organisationId, needType, reason } = need;
  const next = nextOf(need, reader?.acting?.id);
  const over = (
    <>
      {t('needs:one')} · <StateBadge kind="need" state={status} />
      {needType === undefined ? null : ` · ${t(`words:needType.${needType}`)}`}
    </>
  );
  return (
    <Page
      title={title}
      heading={<Content lang={language}>{title}</Content>}
      over={over}
      lead={<Organisation id={organisationId} names={names} />}
      description={summary}
      crumbs={[{ to: '/needs', label: t('needs:list.title') }]}
    >
      <LiveNews
        room={`need:${need.id}`}
        href={`/needs/${need.id}#history`}
        source={`/api/v1/needs/${need.id}`}
        version={need.version}
      />
      <div className="object">
        <div>
          {summary === undefined ? null : (
            <Content lang={language} block>
              {summary}
            </Content>
          )}
          {reason === undefined ? null : (
            <section className="notice">
              <p className="notice-title">{t('needs:reason')}</p>
              <p dir="auto">{reason.text}</p>
            </section>
          )}
          {funding.length === 0 ? null : (
            <section aria-labelledby="lines">
              <h2 id="lines">{t('needs:lines.title')}</h2>
              <Funding needId={need.id} lines={funding} />
              <ListExports path={`/needs/${need.id}/lines`} query="" />
              <ListExports path={`/needs/${need.id}/pledges`} query="" />
            </section>
          )}
          <Criteria need={need} />
          {outcome ? <OutcomeOf outcome={outcome} names={names} /> : null}
          <section aria-labelledby="history">
            <h2 id="history">{t('needs:history')}</h2>
            <Timeline
              entries={[...history].reverse().map(({ version, at, kind, organisation, reason: why }) => ({
                key: String(version),
                at,
                title: t(`needs:event.${kind}`),
                who: organisation === undefined ? t('needs:who.clock') : names[organisation],
                reason: why?.text,
              }))}
            />
          </section>
        </div>
        <aside>
          <NextStep
            action={t(next.action)}
            who={'word' in next.who ? t(next.who.word) : <Organisation id={next.who.organisation} names={names} />}
            by={next.by}
            to={next.to}
            button={next.button === undefined ? undefined : t(next.button)}
          />
          <NeedActions need={need} />
          {reader && need.publishedAt !== undefined ? <FollowForm kind="need" id={need.id} follow={follow} /> : null}
          <NeedFacts need={need} />
          {need.publishedAt === undefined ? null : <Share kind="need" id={need.id} title={title} origin={origin} />}
        </aside>
      </div>
    </Page>
  );
}

function Organisation({ id, names }: { id: string; names: Readonly<Record<string, string>> }) {
  const href = useHref();
  return (
    <a href={href(`/organisations/${id}`)}>
      <bdi>{names[id] ?? id}</bdi>
    </a>
  );
}

function NeedFacts({ need }: { need: Need }) {
  const t = useT();
  const { locale } = useFacts();
  const { country, regions, sdgTargets, useCase, buildingBlocks, solutions, intakeClosesAt, validUntil, publishedAt } = need;
  const list = new Intl.ListFormat(locale, { type: 'unit' });
  const rows: readonly (readonly [string, React.ReactNode])[] = [
    ['sdg', sdgTargets.length === 0 ? null : <SdgList targets={sdgTargets} />],
    ['place', country === undefined ? null : list.format([countryName(locale, country), ...regions])],
    ['useCase', useCase ?? null],
    ['blocks', buildingBlocks.length === 0 ? null : list.format(buildingBlocks)],
    ['solutions', solutions.length === 0 ? null : list.format(solutions)],
    ['published', publishedAt === undefined ? null : <When at={publishedAt} />],
    ['intake', intakeClosesAt === undefined ? null : <When at={intakeClosesAt} time />],
    ['valid', validUntil === undefined ? null : <When at={validUntil} />],
  ];
  return (
    <section aria-labelledby="facts-title">
      <h2 id="facts-title">{t('needs:facts')}</h2>
      <dl className="facts">
        {rows.map(([key, value]) =>
          value === null ? null : (
            <div key={key}>
              <dt>{t(`needs:fact.${key}`)}</dt>
              <dd>{typeof value === 'string' ? <bdi>{value}</bdi> : value}</dd>
            </div>
          ),
        )}
      </dl>
    </section>
  );
}

function Criteria({ need: { criteria } }: { need: Need }) {
  const t = useT();
  const { locale } = useFacts();
  if (criteria.length === 0) return null;
  return (
    <section aria-labelledby="criteria">
      <h2 id="criteria">{t('needs:criteria.title')}</h2>
      <DataTable
        caption={t('needs:criteria.caption')}
        rows={criteria}
        rowKey={({ criterionId }) => criterionId}
        columns={[
          { key: 'title', label: t('needs:criteria.one'), heads: true, cell: ({ title }) => <bdi>{title}</bdi> },
          {
            key: 'weight',
            label: t('needs:criteria.weight'),
            number: true,
            cell: ({ weight }) => <bdi>{numberText(locale, weight / 100, { style: 'percent' })}</bdi>,
          },
        ]}
      />
    </section>
  );
}

function OutcomeOf({ outcome: { accepted, declined }, names }: { outcome: Outcome; names: Readonly<Record<string, string>> }) {
  const t = useT();
  const { locale } = useFacts();
  const score = (hundredths: number | undefined) =>
    hundredths === undefined ? t('needs:outcome.noScore') : numberText(locale, hundredths / 100, { minimumFractionDigits: 2 });
  const rows = [
    ...(accepted ? [{ ...accepted, state: 'accepted', why: undefined as string | undefined }] : []),
    ...declined.map((one) => ({ ...one, state: 'declined', why: one.reason?.text })),
  ];
  if (rows.length === 0) return null;
  return (
    <section aria-labelledby="outcome">
      <h2 id="outcome">{t('needs:outcome.title')}</h2>
      <DataTable
        caption={t('needs:outcome.caption')}
        rows={rows}
        rowKey={({ proposalId }) => proposalId}
        columns={[
          {
            key: 'lead',
            label: t('needs:outcome.lead'),
            heads: true,
            cell: ({ leadId }) => <Organisation id={leadId} names={names} />,
          },
          { key: 'state', label: t('needs:outcome.decision'), cell: ({ state }) => <StateBadge kind="proposal" state={state} /> },
          { key: 'score', label: t('needs:outcome.score'), number: true, cell: ({ meanScore }) => <bdi>{score(meanScore)}</bdi> },
          { key: 'why', label: t('needs:outcome.reason'), cell: ({ why }) => <span dir="auto">{why ?? '–'}</span> },
        ]}
      />
    </section>
  );
}
