import { redirect, useActionData, useLoaderData, type ActionFunctionArgs, type LoaderFunctionArgs } from 'react-router';
import { countryName, Notice, Page, PostForm } from '../../components/index.js';
import { useFacts, useT } from '../../facts.js';
import type { FormState } from '../../form-state.js';
import { act } from '../../server/act.server.js';
import { absent, loadSignedIn } from '../../server/load.server.js';
import { Answers } from './answers.js';
import { mayBind } from './may.js';
import { needOf, needPath, readinessOf } from './own-need.server.js';
import { Similar } from './readiness.js';
import { ReasonField } from './reason.js';

/** A submitted need, for the focal points that were asked; its owner may look and take it back elsewhere. */
export const loader = (args: LoaderFunctionArgs) =>
  loadSignedIn(args, async (visit) => {
    const { need, etag } = await needOf(visit, args.params);
    if (need.status !== 'submitted') throw redirect(visit.href(`/needs/${need.id}`));
    if (!need.endorserIds.includes(visit.acting?.id ?? '')) throw absent(visit);
    const readiness = await readinessOf(visit, args.params);
    const owner = (await visit.namesOf([need.organisationId])).get(need.organisationId);
    return { need, etag, similar: readiness.similar, owner };
  });

/** Endorses, or returns with a reason. */
export const action = (args: ActionFunctionArgs) =>
  act(
    args,
    async ({ visit, text, sending }) => {
      const path = needPath(args.params);
      if (text('step') === 'return') {
        await visit.api.post(`${path}/return`, { body: { reason: { code: 'returned', text: text('reason') ?? '' } }, ...sending });
        return redirect(visit.href('/needs'));
      }
      await visit.api.post(`${path}/endorse`, { body: {}, ...sending });
      return redirect(visit.href(path));
    },
    { fieldOf: (pointer) => (pointer.startsWith('/reason') ? 'reason' : undefined) },
  );

/** The whole need, and the decision: the country stands behind it, or it goes back with a reason. */
export default function Endorse() {
  const t = useT();
  const { locale, reader } = useFacts();
  const { need, etag, similar, owner } = useLoaderData<typeof loader>();
  const state = useActionData() as FormState | undefined;
  const returning = state?.values['step']?.[0] === 'return';
  return (
    <Page
      title={t('needs-forms:endorse.title')}
      heading={<bdi>{need.title}</bdi>}
      over={t('needs-forms:endorse.title')}
      lead={t('needs-forms:endorse.lead', { country: countryName(locale, need.country ?? ''), owner: owner ?? '' })}
      crumbs={[
        { to: '/needs', label: t('needs:list.title') },
        { to: `/needs/${need.id}`, label: need.title },
      ]}
      state={state}
    >
      <Similar similar={similar} />
      <Answers need={need} />
      {mayBind(reader?.acting, 'approver') ? (
        <>
          <h2>{t('needs-forms:endorse.decide')}</h2>
          <PostForm state={returning ? undefined : state} etag={etag} submit={t('needs-forms:endorse.submit')}>
            <input type="hidden" name="step" value="endorse" />
          </PostForm>
          <h2>{t('needs-forms:endorse.or')}</h2>
          <PostForm state={returning ? state : undefined} etag={etag} submit={t('needs-forms:endorse.return')}>
            <input type="hidden" name="step" value="return" />
            <ReasonField state={returning ? state : undefined} />
          </PostForm>
        </>
      ) : (
        <Notice>{t('needs-forms:approversOnly')}</Notice>
      )}
    </Page>
  );
}
