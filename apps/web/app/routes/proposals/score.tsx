import { redirect, useActionData, useLoaderData, type ActionFunctionArgs, type LoaderFunctionArgs } from 'react-router';
import { Content, Field, FieldSet, Notice, Page, PostForm } from '../../components/index.js';
import { useHref, useT } from '../../facts.js';
import type { FormState } from '../../form-state.js';
import { act, invalidForm } from '../../server/act.server.js';
import { absent, loadSignedIn } from '../../server/load.server.js';
import { wholeOf } from '../needs-forms/amount-text.js';
import { proposalOf, proposalPath, reviewFor, type Scores } from './proposal.server.js';

const MARKS = Array.from({ length: 11 }, (_, mark) => ({ value: String(mark), label: String(mark) }));

/** The proposal in review, for one of its reviewers, with the marks they gave this version before. */
export const loader = (args: LoaderFunctionArgs) =>
  loadSignedIn(args, async (visit) => {
    const { proposal, need } = await proposalOf(visit, args.params);
    const review = await reviewFor(visit, need.id);
    const own = review?.reviewers.find(({ personId }) => personId === visit.session?.personId);
    if (!own) throw absent(visit);
    if (proposal.status !== 'in_review') throw redirect(visit.href(`/proposals/${proposal.id}`));
    const { body } = await visit.api.get<Scores>(`${proposalPath(args.params)}/scores`);
    const sheet = body.sheets.find(({ personId }) => personId === visit.session?.personId);
    return { proposal, need, conflict: own.conflict !== undefined, marks: sheet?.marks ?? [] };
  });

/** Gives the marks on the version that was on the page. */
export const action = (args: ActionFunctionArgs) =>
  act(args, async (sent) => {
    const { visit, text, sending } = sent;
    const { need } = await proposalOf(visit, args.params);
    const missing = need.criteria.filter(({ criterionId }) => text(`mark.${criterionId}`) === undefined);
    if (missing.length > 0)
      return invalidForm(
        sent,
        missing.map(({ criterionId, title }) => ({
          field: `mark.${criterionId}`,
          text: `${title}: ${visit.t('faults:required')}`,
        })),
      );
    const marks = need.criteria.map(({ criterionId }) => ({ criterionId, mark: wholeOf(text(`mark.${criterionId}`) ?? '') }));
    await visit.api.post(`${proposalPath(args.params)}/score`, { body: { hash: text('hash') ?? '', marks }, ...sending });
    return redirect(visit.href(proposalPath(args.params)));
  });

/** A reviewer's marks, each beside what the proposal says to the criterion. */
export default function Score() {
  const t = useT();
  const href = useHref();
  const { proposal, need, conflict, marks } = useLoaderData<typeof loader>();
  const state = useActionData() as FormState | undefined;
  return (
    <Page
      title={t('proposals:do.score')}
      over={<bdi>{proposal.title}</bdi>}
      lead={t('proposals:scoreLead')}
      crumbs={[
        { to: `/needs/${need.id}`, label: need.title },
        { to: `/proposals/${proposal.id}`, label: proposal.title },
      ]}
      state={state}
    >
      {conflict ? (
        <Notice kind="warning">{t('proposals:conflict.declared')}</Notice>
      ) : (
        <>
          <p>
            <a href={href(`/needs/${need.id}/conflict`)}>{t('proposals:do.conflict')}</a>
          </p>
          <PostForm state={state} submit={t('proposals:scoreSubmit')}>
            <input type="hidden" name="hash" value={proposal.hash} />
            {need.criteria.map(({ criterionId, title, weight }) => (
              <FieldSet
                key={criterionId}
                legend={
                  <>
                    <bdi>{title}</bdi> <span className="mark">{t('proposals:hint.weight', { weight })}</span>
                  </>
                }
              >
                <Answer proposal={proposal} criterionId={criterionId} language={need.language} />
                <Field
                  name={`mark.${criterionId}`}
                  label={t('proposals:field.mark')}
                  required
                  state={state}
                  options={MARKS}
                  defaultValue={String(marks.find((one) => one.criterionId === criterionId)?.mark ?? '')}
                />
              </FieldSet>
            ))}
          </PostForm>
        </>
      )}
    </Page>
  );
}

type Answered = ReturnType<typeof useLoaderData<typeof loader>>['proposal'];

function Answer({ proposal, criterionId, language }: { proposal: Answered; criterionId: string; language: string }) {
  const t = useT();
  const answer = proposal.content.answers.find((one) => one.criterionId === criterionId);
  if (!answer) return <p>{t('proposals:noAnswer')}</p>;
  return (
    <Content lang={language} block>
      {answer.text}
    </Content>
  );
}
