import { redirect, useActionData, useLoaderData, type ActionFunctionArgs, type LoaderFunctionArgs } from 'react-router';
import { Notice, Page, PostForm } from '../../components/index.js';
import { useFacts, useT } from '../../facts.js';
import type { FormState } from '../../form-state.js';
import { act } from '../../server/act.server.js';
import { loadSignedIn } from '../../server/load.server.js';
import { Answers } from './answers.js';
import { mayBind } from './may.js';
import { needPath, ownNeed, readinessOf } from './own-need.server.js';
import { Gaps, Similar } from './readiness.js';
import { isOthers } from './topics.js';

/** The draft, whole, and what it lacks. */
export const loader = (args: LoaderFunctionArgs) =>
  loadSignedIn(args, async (visit) => {
    const { need, etag } = await ownNeed(visit, args.params, 'draft');
    return { need, etag, readiness: await readinessOf(visit, args.params) };
  });

/** Submits it. */
export const action = (args: ActionFunctionArgs) =>
  act(args, async ({ visit, sending }) => {
    await visit.api.post(`${needPath(args.params)}/submit`, { body: {}, ...sending });
    return redirect(visit.href(needPath(args.params)));
  });

/** Check the answers, then submit: with every gap and its page while there are any. */
export default function Check() {
  const t = useT();
  const { reader } = useFacts();
  const { need, etag, readiness } = useLoaderData<typeof loader>();
  const state = useActionData() as FormState | undefined;
  const complete = readiness.gaps.every(({ code }) => isOthers(code));
  return (
    <Page
      title={t('needs-forms:check.title')}
      lead={t('needs-forms:check.lead')}
      crumbs={[
        { to: '/needs', label: t('needs:list.title') },
        { to: `/needs/${need.id}/edit`, label: need.title },
      ]}
      state={state}
    >
      <Similar similar={readiness.similar} />
      <Answers need={need} change />
      <Gaps needId={need.id} gaps={readiness.gaps} />
      {!complete ? null : mayBind(reader?.acting, 'editor') ? (
        <PostForm state={state} etag={etag} submit={t('needs-forms:check.submit')}>
          <p>{t('needs-forms:check.then')}</p>
        </PostForm>
      ) : (
        <Notice kind="warning">{t('needs-forms:check.unverified')}</Notice>
      )}
    </Page>
  );
}
