import { redirect, useActionData, useLoaderData, type ActionFunctionArgs, type LoaderFunctionArgs } from 'react-router';
import { Choices, Notice, Page, PostForm } from '../../components/index.js';
import { useT } from '../../facts.js';
import type { FormState } from '../../form-state.js';
import { act } from '../../server/act.server.js';
import { absent, loadSignedIn } from '../../server/load.server.js';
import { needOf, needPath } from '../needs-forms/own-need.server.js';
import { reviewFor } from './proposal.server.js';

const NATURES = ['employment', 'financial', 'family', 'authorship', 'other'] as const;

/** The need, for one of its reviewers. */
export const loader = (args: LoaderFunctionArgs) =>
  loadSignedIn(args, async (visit) => {
    const { need } = await needOf(visit, args.params);
    const own = (await reviewFor(visit, need.id))?.reviewers.find(({ personId }) => personId === visit.session?.personId);
    if (!own) throw absent(visit);
    return { need: { id: need.id, title: need.title }, declared: own.conflict };
  });

/** Declares it, for good. */
export const action = (args: ActionFunctionArgs) =>
  act(args, async ({ visit, text, sending }) => {
    const path = needPath(args.params);
    await visit.api.post(`${path}/declare-conflict`, { body: { nature: text('nature') }, ...sending });
    return redirect(visit.href(`${path}/conflict`));
  });

/** A reviewer says that they have an interest: they score none of the proposals then (R25). */
export default function Conflict() {
  const t = useT();
  const { need, declared } = useLoaderData<typeof loader>();
  const state = useActionData() as FormState | undefined;
  return (
    <Page
      title={t('proposals:do.conflict')}
      over={<bdi>{need.title}</bdi>}
      lead={t('proposals:conflict.lead')}
      crumbs={[{ to: `/needs/${need.id}`, label: need.title }]}
      state={state}
    >
      {declared === undefined ? (
        <PostForm state={state} submit={t('proposals:conflict.submit')}>
          <Choices
            name="nature"
            label={t('proposals:conflict.nature')}
            required
            state={state}
            options={NATURES.map((value) => ({ value, label: t(`proposals:nature.${value}`) }))}
          />
        </PostForm>
      ) : (
        <Notice kind="success" title={t(`proposals:nature.${declared}`)}>
          {t('proposals:conflict.declared')}
        </Notice>
      )}
    </Page>
  );
}
