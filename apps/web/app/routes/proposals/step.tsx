import { redirect, useActionData, useLoaderData, type ActionFunctionArgs, type LoaderFunctionArgs } from 'react-router';
import { Notice, Page, PostForm, StateBadge, When } from '../../components/index.js';
import { useFacts, useHref, useT } from '../../facts.js';
import type { FormState } from '../../form-state.js';
import { act } from '../../server/act.server.js';
import { absent, loadSignedIn } from '../../server/load.server.js';
import { ReasonField } from '../needs-forms/reason.js';
import { openTopics } from './gaps.js';
import { proposalOf, proposalPath, type Proposal, type Scores } from './proposal.server.js';
import { ScoresTable } from './scores-table.js';
import { isOpen, isStep, mayTake, STEPS } from './steps.js';

const WITH_HASH: readonly string[] = ['submit', 'accept'];
const WITH_REASON: readonly string[] = ['withdraw', 'decline'];

/** The proposal, for a step its state allows, to a member of the side that takes it. */
export const loader = (args: LoaderFunctionArgs) =>
  loadSignedIn(args, async (visit) => {
    const step = args.params['step'];
    if (!isStep(step)) throw absent(visit);
    const found = await proposalOf(visit, args.params);
    if (found.proposal[STEPS[step].by] !== visit.acting?.id) throw absent(visit);
    if (!isOpen(step, found.proposal)) throw redirect(visit.href(`/proposals/${found.proposal.id}`));
    const scores =
      STEPS[step].by === 'ownerId' ? (await visit.api.get<Scores>(`${proposalPath(args.params)}/scores`)).body : undefined;
    return { step, scores, ...found };
  });

/** Takes the step: on the version that was on the page (R26), or with its reason (R32). */
export const action = (args: ActionFunctionArgs) =>
  act(
    args,
    async ({ visit, text, sending }) => {
      const step = args.params['step'];
      if (!isStep(step)) throw absent(visit);
      const code = step === 'decline' ? 'declined' : 'withdrawn';
      const body = WITH_HASH.includes(step)
        ? { hash: text('hash') ?? '' }
        : WITH_REASON.includes(step)
          ? { reason: { code, text: text('reason') ?? '' } }
          : {};
      const { body: taken } = await visit.api.post<Proposal>(`${proposalPath(args.params)}/${step}`, { body, ...sending });
      // What is invited becomes a draft, which its authors alone may read.
      if (step === 'invite') return redirect(visit.href(`/needs/${taken.needId}/proposals?done=invite`));
      return redirect(visit.href(proposalPath(args.params)));
    },
    { fieldOf: (pointer) => (pointer.startsWith('/reason') ? 'reason' : undefined) },
  );

/** One step on a proposal: what it means, what speaks for and against it, and the button. */
export default function StepPage() {
  const t = useT();
  const href = useHref();
  const { reader } = useFacts();
  const { step, proposal, need, scores, etag } = useLoaderData<typeof loader>();
  const state = useActionData() as FormState | undefined;
  const missing = step === 'submit' ? openTopics(proposal, need) : [];
  const early = step === 'shortlist' && (scores?.fullCount ?? 0) < 2;
  return (
    <Page
      title={t(`proposals:step.${step}.title`)}
      over={
        <>
          <bdi>{proposal.title}</bdi> · <StateBadge kind="proposal" state={proposal.status} />
        </>
      }
      lead={t(`proposals:step.${step}.lead`)}
      crumbs={[
        { to: `/needs/${need.id}`, label: need.title },
        { to: `/proposals/${proposal.id}`, label: proposal.title },
      ]}
      state={state}
    >
      {scores ? <ScoresTable scores={scores} need={need} /> : null}
      {step === 'accept' ? (
        <Notice>
          <p>{t('proposals:two')}</p>
          {proposal.pendingApproval === undefined ? null : (
            <p>
              {t('pledging:two.first')} <When at={proposal.pendingApproval.at} time />
            </p>
          )}
        </Notice>
      ) : null}
      {missing.length > 0 ? (
        <Notice kind="warning" title={t('proposals:next.complete')}>
          <ul>
            {missing.map((topic) => (
              <li key={topic}>
                <a href={href(`/proposals/${proposal.id}/edit/${topic}`)}>{t(`proposals:topic.${topic}`)}</a>
              </li>
            ))}
          </ul>
        </Notice>
      ) : early ? (
        <Notice kind="warning">{t('proposals:scores.early')}</Notice>
      ) : mayTake(step, proposal, reader?.acting) ? (
        <PostForm state={state} etag={etag} submit={t(`proposals:step.${step}.submit`)}>
          {WITH_HASH.includes(step) ? (
            <>
              <input type="hidden" name="hash" value={proposal.hash} />
              <p>
                {t('pledging:step.version')} <code dir="ltr">{proposal.hash.slice(0, 16)}…</code>
              </p>
            </>
          ) : null}
          {WITH_REASON.includes(step) ? <ReasonField state={state} /> : null}
        </PostForm>
      ) : (
        <Notice>{t('needs-forms:approversOnly')}</Notice>
      )}
      <p>
        <a href={href(`/proposals/${proposal.id}`)}>{t('proposals:back')}</a>
      </p>
    </Page>
  );
}
