import { redirect, useActionData, useLoaderData, type ActionFunctionArgs, type LoaderFunctionArgs } from 'react-router';
import { Field, Page, PostForm } from '../../components/index.js';
import { useHref, useT } from '../../facts.js';
import type { FormState } from '../../form-state.js';
import { act, type Sent } from '../../server/act.server.js';
import { absent, loadSignedIn } from '../../server/load.server.js';
import { wholeOf } from '../needs-forms/amount-text.js';
import { proposalOf, proposalPath, writtenProposal, type Need, type Proposal } from './proposal.server.js';

const isTopic = (name: string | undefined): name is 'about' | 'approach' | 'answers' =>
  name === 'about' || name === 'approach' || name === 'answers';

/** The draft, and which part of it. */
export const loader = (args: LoaderFunctionArgs) =>
  loadSignedIn(args, async (visit) => {
    const topic = args.params['topic'];
    if (!isTopic(topic)) throw absent(visit);
    return { topic, ...(await writtenProposal(visit, args.params)) };
  });

function valuesOf({ title, content }: Proposal, { criteria }: Need): Record<string, string> {
  const values: Record<string, string> = {
    title,
    summary: content.summary,
    months: content.months === undefined ? '' : String(content.months),
    approach: content.approach ?? '',
  };
  for (const { criterionId } of criteria)
    values[`answer.${criterionId}`] = content.answers.find((one) => one.criterionId === criterionId)?.text ?? '';
  return values;
}

function changesOf(topic: string | undefined, { text }: Sent, { criteria }: Need): Record<string, unknown> {
  if (topic === 'approach') return { approach: text('approach') ?? '' };
  if (topic === 'answers') {
    const answers = criteria.flatMap(({ criterionId }) => {
      const answer = text(`answer.${criterionId}`);
      return answer === undefined ? [] : [{ criterionId, text: answer }];
    });
    return { answers };
  }
  const months = text('months');
  return {
    title: text('title') ?? '',
    summary: text('summary') ?? '',
    ...(months === undefined ? {} : { months: wholeOf(months) }),
  };
}

/** Saves the part; every change is a new version with a new hash. */
export const action = (args: ActionFunctionArgs) =>
  act(
    args,
    async (sent) => {
      const { visit, sending } = sent;
      const { proposal, need } = await writtenProposal(visit, args.params);
      await visit.api.patch(proposalPath(args.params), { body: changesOf(args.params['topic'], sent, need), ...sending });
      return redirect(visit.href(`/proposals/${proposal.id}/edit`));
    },
    {
      fieldOf: (pointer) => (pointer.startsWith('/answers') ? undefined : pointer.split('/')[1]),
      current: async (visit) => {
        const { proposal, need, etag } = await proposalOf(visit, args.params);
        return { values: valuesOf(proposal, need), etag };
      },
    },
  );

/** One part of the proposal on its own page. */
export default function TopicPage() {
  const t = useT();
  const href = useHref();
  const { topic, proposal, need, etag } = useLoaderData<typeof loader>();
  const state = useActionData() as FormState | undefined;
  const values = valuesOf(proposal, need);
  const labels: Record<string, string> = Object.fromEntries(
    ['title', 'summary', 'months', 'approach'].map((name) => [name, t(`proposals:field.${name}`)]),
  );
  for (const { criterionId, title } of need.criteria) labels[`answer.${criterionId}`] = title;
  const full = proposal.stage === 'full';
  const field = (name: string) => ({ name, label: <bdi>{labels[name]}</bdi>, state, defaultValue: values[name] ?? '' });
  return (
    <Page
      title={t(`proposals:topic.${topic}`)}
      lead={t(`proposals:topicLead.${topic}`)}
      crumbs={[
        { to: `/needs/${need.id}`, label: need.title },
        { to: `/proposals/${proposal.id}/edit`, label: proposal.title },
      ]}
      state={state}
    >
      <PostForm state={state} etag={etag} submit={t('needs-forms:save')} labels={labels}>
        {topic === 'about' ? (
          <>
            <Field {...field('title')} required size={60} />
            <Field {...field('summary')} hint={t('proposals:hint.summary')} required rows={8} prose />
            <Field {...field('months')} required={full} inputMode="numeric" size={4} />
          </>
        ) : topic === 'approach' ? (
          <Field {...field('approach')} hint={t('proposals:hint.approach')} required rows={16} prose />
        ) : (
          need.criteria.map(({ criterionId, weight }) => (
            <Field
              key={criterionId}
              {...field(`answer.${criterionId}`)}
              hint={t('proposals:hint.weight', { weight })}
              required={full}
              rows={5}
              prose
            />
          ))
        )}
      </PostForm>
      <p>
        <a href={href(`/proposals/${proposal.id}/edit`)}>{t('needs-forms:back')}</a>
      </p>
    </Page>
  );
}
