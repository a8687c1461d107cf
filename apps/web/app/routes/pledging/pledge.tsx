import type { LineResource, NeedResource } from '@concord/contracts';
import { useLoaderData, type LoaderFunctionArgs } from 'react-router';
import type { z } from 'zod';
import type { HistoryEntry, Listed } from '../../api.js';
import {
  DataTable,
  NextStep,
  Page,
  Quantity,
  quantityText,
  StackedBar,
  StateBadge,
  Timeline,
  When,
} from '../../components/index.js';
import { useFacts, useHref, useT } from '../../facts.js';
import { load } from '../../server/load.server.js';
import { mayBind } from '../needs-forms/may.js';
import { OfferFacts } from './offer-facts.js';
import type { Pledge } from './offer.js';
import { nextOf, wayOf } from './pledge-next.js';
import { isOpen, mayTake, STEPS, type Step } from './pledge-steps.js';

/** A pledge with its need, line, instalments and history. */
export const loader = (args: LoaderFunctionArgs) =>
  load(args, async (visit) => {
    const { api } = visit;
    const path = `/pledges/${encodeURIComponent(args.params['id'] ?? '')}`;
    const { body: pledge } = await api.get<Pledge>(path);
    const [need, line, history, milestones] = await Promise.all([
      api.get<z.output<typeof NeedResource>>(`/needs/${pledge.needId}`).then(({ body }) => body),
      api.get<z.output<typeof LineResource>>(`/lines/${pledge.lineId}`).then(({ body }) => body),
      api.get<Listed<HistoryEntry>>(`${path}/history`, { query: { limit: 100 } }).then(({ body }) => body.items),
      pledge.projectId === undefined
        ? []
        : api
            .get<Listed<{ id: string; title: string }>>('/milestones', { query: { project: pledge.projectId, limit: 100 } })
            .then(({ body }) => body.items),
    ]);
    const ids = [pledge.organisationId, pledge.ownerId, pledge.recipientId ?? pledge.ownerId];
    const names = await visit.namesOf([...ids, ...history.flatMap(({ organisation }) => organisation ?? [])]);
    return {
      pledge,
      need: { id: need.id, title: need.title, award: need.award },
      line: { title: line.title, unit: line.unit },
      history,
      milestones: Object.fromEntries(milestones.map(({ id, title }) => [id, title])),
      names: Object.fromEntries(names),
    };
  });

type Names = Readonly<Record<string, string>>;

/** One pledge: what was offered, how far it is, who must act, and everything that happened. */
export default function PledgePage() {
  const t = useT();
  const href = useHref();
  const { locale, reader } = useFacts();
  const { pledge, need, line, history, milestones, names } = useLoaderData<typeof loader>();
  const next = nextOf(pledge, need.award);
  const way = wayOf(pledge, next, reader?.acting);
  const amount = quantityText(t, locale, pledge.quantity, pledge.unit);
  return (
    <Page
      title={t('pledging:page.title', { who: names[pledge.organisationId] ?? '', amount })}
      over={
        <>
          {t('pledging:one')} · <StateBadge kind="pledge" state={pledge.status} />
          {pledge.status === 'offered' && pledge.accepted ? ` · ${t('pledging:accepted')}` : null}
        </>
      }
      lead={<bdi>{line.title}</bdi>}
      crumbs={[
        { to: '/needs', label: t('needs:list.title') },
        { to: `/needs/${need.id}`, label: need.title },
        { to: `/pledges?need=${need.id}`, label: t('pledging:list.title') },
      ]}
    >
      <div className="object">
        <div>
          <Progress pledge={pledge} />
          <section aria-labelledby="offer">
            <h2 id="offer">{t('pledging:page.offer')}</h2>
            <OfferFacts {...pledge} lineUnit={line.unit} validUntil={pledge.status === 'offered' ? pledge.validUntil : undefined} />
          </section>
          <Instalments pledge={pledge} milestones={milestones} />
          <section aria-labelledby="history">
            <h2 id="history">{t('pledging:page.history')}</h2>
            <Timeline
              entries={[...history].reverse().map(({ version, at, kind, organisation, reason }) => ({
                key: String(version),
                at,
                title: t(`pledging:event.${kind}`),
                who: organisation === undefined ? t('needs:who.clock') : names[organisation],
                reason: reason?.text,
              }))}
            />
          </section>
        </div>
        <aside>
          <NextStep
            action={t(next.action)}
            who={next.who === undefined ? t('pledging:next.nobody') : <Organisation id={next.who} names={names} />}
            by={next.by}
            to={way?.to}
            button={way && t(way.button)}
          />
          <Steps pledge={pledge} />
          <Facts pledge={pledge} names={names} />
          <p>
            <a href={href(`/pledges/${pledge.id}/certificate`)}>{t('certificates:title')}</a>
          </p>
        </aside>
      </div>
    </Page>
  );
}

function Organisation({ id, names }: { id: string; names: Names }) {
  const href = useHref();
  return (
    <a href={href(`/organisations/${id}`)}>
      <bdi>{names[id] ?? id}</bdi>
    </a>
  );
}

function Progress({ pledge: { status, unit, quantity, confirmed, delivered, due, recorded, lapsed } }: { pledge: Pledge }) {
  const t = useT();
  if (status === 'offered' || status === 'declined' || status === 'withdrawn') return null;
  const rows = { confirmed, due, recorded, delivered, lapsed };
  return (
    <section aria-labelledby="progress">
      <h2 id="progress">{t('pledging:page.progress')}</h2>
      <StackedBar
        label={t('pledging:page.progress')}
        total={Math.max(quantity, confirmed)}
        unit={unit}
        parts={[
          { kind: 'committed', label: t('pledging:figure.confirmed'), value: confirmed },
          { kind: 'delivered', label: t('pledging:figure.delivered'), value: delivered },
        ]}
      />
      <dl className="facts">
        {Object.entries(rows).map(([figure, value]) => (
          <div key={figure}>
            <dt>{t(`pledging:figure.${figure}`)}</dt>
            <dd>
              <Quantity value={value} unit={unit} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Instalments({ pledge: { instalments, unit }, milestones }: { pledge: Pledge; milestones: Names }) {
  const t = useT();
  if (instalments.length === 0) return null;
  return (
    <section aria-labelledby="instalments">
      <h2 id="instalments">{t('pledging:instalments.title')}</h2>
      <DataTable
        caption={t('pledging:instalments.title')}
        captionHidden
        rows={instalments.map((one, index) => ({ ...one, index }))}
        rowKey={({ index }) => String(index)}
        columns={[
          {
            key: 'when',
            label: t('pledging:instalments.when'),
            heads: true,
            cell: ({ dueOn, milestoneId }) =>
              dueOn === undefined ? (
                <bdi>{milestones[milestoneId ?? ''] ?? t('pledging:instalments.milestone')}</bdi>
              ) : (
                <When at={dueOn} />
              ),
          },
          {
            key: 'amount',
            label: t('pledging:field.quantity'),
            number: true,
            cell: ({ quantity }) => <Quantity value={quantity} unit={unit} />,
          },
          {
            key: 'due',
            label: t('pledging:instalments.state'),
            cell: ({ due }) => t(due ? 'pledging:instalments.due' : 'pledging:instalments.later'),
          },
        ]}
      />
    </section>
  );
}

function Steps({ pledge }: { pledge: Pledge }) {
  const t = useT();
  const href = useHref();
  const { reader } = useFacts();
  const acting = reader?.acting;
  const amends = pledge.status === 'offered' && acting?.id === pledge.organisationId && mayBind(acting, 'editor');
  const steps = (Object.keys(STEPS) as Step[]).filter((step) => isOpen(step, pledge) && mayTake(step, pledge, acting));
  if (!amends && steps.length === 0) return null;
  return (
    <section aria-labelledby="steps">
      <h2 id="steps">{t('needs-forms:do.title')}</h2>
      <ul>
        {steps.map((step) => (
          <li key={step}>
            <a href={href(`/pledges/${pledge.id}/steps/${step}`)}>{t(`pledging:step.${step}.title`)}</a>
          </li>
        ))}
        {amends ? (
          <li>
            <a href={href(`/pledges/${pledge.id}/amend`)}>{t('pledging:amend.title')}</a>
          </li>
        ) : null}
      </ul>
    </section>
  );
}

function Facts({ pledge, names }: { pledge: Pledge; names: Names }) {
  const t = useT();
  const href = useHref();
  const { id, organisationId, ownerId, recipientId, recipient, projectId, madeAt, offerVersion, hash } = pledge;
  const receives = recipientId ?? (recipient === 'owner' ? ownerId : undefined);
  const rows: readonly (readonly [string, React.ReactNode])[] = [
    ['pledger', <Organisation key="p" id={organisationId} names={names} />],
    ['owner', <Organisation key="o" id={ownerId} names={names} />],
    ['recipient', receives === undefined ? t('needs-forms:recipient.lead') : <Organisation key="r" id={receives} names={names} />],
    ...(projectId === undefined
      ? []
      : [
          [
            'project',
            <a key="j" href={href(`/projects/${projectId}`)}>
              {t('pledging:page.project')}
            </a>,
          ] as const,
        ]),
    ['madeAt', <When key="m" at={madeAt} />],
    ['version', String(offerVersion)],
    [
      'hash',
      <code key="h" dir="ltr">
        {hash}
      </code>,
    ],
  ];
  return (
    <section aria-labelledby="facts-title">
      <h2 id="facts-title">{t('pledging:page.facts')}</h2>
      <dl className="facts">
        {rows.map(([key, value]) => (
          <div key={key}>
            <dt>{t(`pledging:fact.${key}`)}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p>
        <a href={`/api/v1/pledges/${id}/stream`}>{t('pledging:page.stream')}</a>
      </p>
    </section>
  );
}
