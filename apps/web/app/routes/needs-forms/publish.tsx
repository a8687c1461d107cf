import { redirect, useActionData, useLoaderData, type ActionFunctionArgs, type LoaderFunctionArgs } from 'react-router';
import { Notice, Page, PostForm } from '../../components/index.js';
import { useFacts, useHref, useT } from '../../facts.js';
import type { FormState } from '../../form-state.js';
import { act } from '../../server/act.server.js';
import { loadSignedIn } from '../../server/load.server.js';
import { Answers } from './answers.js';
import { mayBind } from './may.js';
import { needPath, ownNeed, readinessOf } from './own-need.server.js';
import { Gaps, Similar } from './readiness.js';

/** A need that was submitted or endorsed, and what stands between it and its publication. */
export const loader = (args: LoaderFunctionArgs) =>
  loadSignedIn(args, async (visit) => {
    const { need, etag } = await ownNeed(visit, args.params, 'submitted', 'endorsed');
    return { need, etag, readiness: await readinessOf(visit, args.params) };
  });

/** Publishes it. */
export const action = (args: ActionFunctionArgs) =>
  act(args, async ({ visit, sending }) => {
    await visit.api.post(`${needPath(args.params)}/publish`, { body: {}, ...sending });
    return redirect(visit.href(needPath(args.params)));
  });

/** The last look before everybody sees it and its lines and criteria are fixed. */
export default function Publish() {
  const t = useT();
  const href = useHref();
  const { reader } = useFacts();
  const { need, etag, readiness } = useLoaderData<typeof loader>();
  const state = useActionData() as FormState | undefined;
  const approver = mayBind(reader?.acting, 'approver');
  return (
    <Page
      title={t('needs-forms:publish.title')}
      heading={<bdi>{need.title}</bdi>}
      over={t('needs-forms:publish.title')}
      lead={t('needs-forms:publish.lead')}
      crumbs={[
        { to: '/needs', label: t('needs:list.title') },
        { to: `/needs/${need.id}`, label: need.title },
      ]}
      state={state}
    >
      <Similar similar={readiness.similar} />
      <Answers need={need} />
      <Gaps needId={need.id} gaps={readiness.gaps} />
      {!approver ? (
        <Notice>{t('needs-forms:approversOnly')}</Notice>
      ) : readiness.ready ? (
        <PostForm state={state} etag={etag} submit={t('needs-forms:publish.submit')}>
          <p>{t('needs-forms:publish.then')}</p>
        </PostForm>
      ) : null}
      {approver && need.status === 'submitted' ? (
        <p>
          <a href={href(`/needs/${need.id}/steps/return`)}>{t('needs-forms:step.return.title')}</a>
        </p>
      ) : null}
    </Page>
  );
}
