import { useLoaderData, type LoaderFunctionArgs } from 'react-router';
import type { HistoryEntry, Listed } from '../../api.js';
import { Content, NextStep, Page, StateBadge, Timeline, When } from '../../components/index.js';
import { useFacts, useHref, useT } from '../../facts.js';
import { loadSignedIn } from '../../server/load.server.js';
import { may } from '../needs-forms/may.js';
import { proposalOf, proposalPath, reviewFor, type Need, type Proposal, type Scores } from './proposal.server.js';
import { nextOf } from './proposal-next.js';
import { Points, ScoresTable } from './scores-table.js';
import { isOpen, mayTake, STEPS, type Step } from './steps.js';

/** A proposal for those it concerns: its authors, the owner of the need, the reviewers. */
export const loader = (args: LoaderFunctionArgs) =>
  loadSignedIn(args, async (visit) => {
    const { api } = visit;
    const path = proposalPath(args.params);
    const { proposal, need } = await proposalOf(visit, args.params);
    const [{ body: scores }, { body: history }, review] = await Promise.all([
      api.get<Scores>(`${path}/scores`),
      api.get<Listed<HistoryEntry>>(`${path}/history`, { query: { limit: 100 } }),
      reviewFor(visit, need.id),
    ]);
    const own = review?.reviewers.find(({ personId }) => personId === visit.session?.personId);
    const { leadId, ownerId, partnerIds } = proposal;
    const ids = [leadId, ownerId, ...partnerIds, ...history.items.flatMap(({ organisation }) => organisation ?? [])];
    return {
      proposal,
      need,
      scores,
      history: history.items,
      reviewer: own === undefined ? undefined : own.conflict === undefined ? ('free' as const) : ('conflict' as const),
      names: Object.fromEntries(await visit.namesOf(ids)),
    };
  });

type Names = Readonly<Record<string, string>>;

/** One proposal: what it says, who must act, how it was judged and what happened. */
export default function ProposalPage() {
  const t = useT();
  const { reader } = useFacts();
  const { proposal, need, scores, history, reviewer, names } = useLoaderData<typeof loader>();
  const next = nextOf(proposal, need);
  const decided = proposal.status === 'accepted' || proposal.status === 'declined';
  const judges = reader?.acting?.id === proposal.ownerId || reviewer !== undefined || decided;
  const step = next.step;
  const mine = step !== undefined && mayTake(step, proposal, reader?.acting);
  return (
    <Page
      title={proposal.title}
      heading={<bdi>{proposal.title}</bdi>}
      over={
        <>
          {t(`proposals:stage.${proposal.stage}`)} · <StateBadge kind="proposal" state={proposal.status} />
        </>
      }
      lead={<Organisation id={proposal.leadId} names={names} />}
      crumbs={[
        { to: '/needs', label: t('needs:list.title') },
        { to: `/needs/${need.id}`, label: need.title },
      ]}
    >
      <div className="object">
        <div>
          {proposal.reason === undefined ? null : (
            <section className="notice">
              <p className="notice-title">{t('needs:reason')}</p>
              <p dir="auto">{proposal.reason.text}</p>
            </section>
          )}
          <Text proposal={proposal} need={need} />
          {judges ? (
            <section aria-labelledby="scores">
              <h2 id="scores">{t('proposals:scores.title')}</h2>
              <ScoresTable scores={scores} need={need} />
            </section>
          ) : null}
          <section aria-labelledby="history">
            <h2 id="history">{t('needs:history')}</h2>
            <Timeline
              entries={[...history].reverse().map(({ version, at, kind, organisation, reason }) => ({
                key: String(version),
                at,
                title: t(`proposals:event.${kind}`),
                who: organisation === undefined ? t('needs:who.clock') : names[organisation],
                reason: reason?.text,
              }))}
            />
          </section>
        </div>
        <aside>
          <NextStep
            action={t(next.action)}
            who={next.who === undefined ? t('needs:who.nobody') : <Organisation id={next.who} names={names} />}
            by={next.by}
            to={mine ? `/proposals/${proposal.id}/steps/${step}` : undefined}
            button={mine ? t(`proposals:step.${step}.title`) : undefined}
          />
          <Steps proposal={proposal} need={need} reviewer={reviewer} />
          <Facts proposal={proposal} names={names} />
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

function Text({ proposal: { content }, need }: { proposal: Proposal; need: Need }) {
  const t = useT();
  const { language, criteria } = need;
  return (
    <>
      <Content lang={language} block>
        {content.summary}
      </Content>
      {content.approach === undefined ? null : (
        <section aria-labelledby="approach">
          <h2 id="approach">{t('proposals:field.approach')}</h2>
          <Content lang={language} block>
            {content.approach}
          </Content>
        </section>
      )}
      {content.answers.length === 0 ? null : (
        <section aria-labelledby="answers">
          <h2 id="answers">{t('proposals:topic.answers')}</h2>
          {criteria.map(({ criterionId, title }) => {
            const answer = content.answers.find((one) => one.criterionId === criterionId);
            return answer === undefined ? null : (
              <div key={criterionId}>
                <h3>
                  <bdi>{title}</bdi>
                </h3>
                <Content lang={language} block>
                  {answer.text}
                </Content>
              </div>
            );
          })}
        </section>
      )}
    </>
  );
}

function Steps({ proposal, need, reviewer }: { proposal: Proposal; need: Need; reviewer: 'free' | 'conflict' | undefined }) {
  const t = useT();
  const href = useHref();
  const acting = useFacts().reader?.acting;
  const { id, status, leadId, partnerIds } = proposal;
  const writes = acting !== undefined && (acting.id === leadId || partnerIds.includes(acting.id)) && may(acting, 'editor');
  const links: (readonly [string, string])[] = [];
  if (writes && (status === 'draft' || status === 'submitted')) links.push([`/proposals/${id}/edit`, 'proposals:do.edit']);
  if (reviewer === 'free' && status === 'in_review') links.push([`/proposals/${id}/score`, 'proposals:do.score']);
  if (reviewer === 'free' && (need.status === 'published' || need.status === 'matching'))
    links.push([`/needs/${need.id}/conflict`, 'proposals:do.conflict']);
  const steps = (Object.keys(STEPS) as Step[]).filter((step) => isOpen(step, proposal) && mayTake(step, proposal, acting));
  if (links.length + steps.length === 0) return null;
  return (
    <section aria-labelledby="steps">
      <h2 id="steps">{t('needs-forms:do.title')}</h2>
      <ul>
        {links.map(([to, label]) => (
          <li key={to}>
            <a href={href(to)}>{t(label)}</a>
          </li>
        ))}
        {steps.map((step) => (
          <li key={step}>
            <a href={href(`/proposals/${id}/steps/${step}`)}>{t(`proposals:step.${step}.title`)}</a>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Facts({ proposal, names }: { proposal: Proposal; names: Names }) {
  const t = useT();
  const href = useHref();
  const { partnerIds, content, contentVersion, hash, submittedAt, meanScore, projectId } = proposal;
  const rows: readonly (readonly [string, React.ReactNode])[] = [
    [
      'partners',
      partnerIds.length === 0 ? null : (
        <ul>
          {partnerIds.map((id) => (
            <li key={id}>
              <Organisation id={id} names={names} />
            </li>
          ))}
        </ul>
      ),
    ],
    ['months', content.months === undefined ? null : t('proposals:months', { count: content.months })],
    ['submitted', submittedAt === undefined ? null : <When at={submittedAt} time />],
    ['mean', meanScore === undefined ? null : <Points hundredths={meanScore} />],
    ['project', projectId === undefined ? null : <a href={href(`/projects/${projectId}`)}>{t('pledging:page.project')}</a>],
    ['version', String(contentVersion)],
    [
      'hash',
      <code key="h" dir="ltr">
        {hash}
      </code>,
    ],
  ];
  return (
    <section aria-labelledby="facts-title">
      <h2 id="facts-title">{t('proposals:facts')}</h2>
      <dl className="facts">
        {rows.map(([key, value]) =>
          value === null ? null : (
            <div key={key}>
              <dt>{t(`proposals:fact.${key}`)}</dt>
              <dd>{value}</dd>
            </div>
          ),
        )}
      </dl>
    </section>
  );
}
