import { redirect, useActionData, useLoaderData, type ActionFunctionArgs, type LoaderFunctionArgs } from 'react-router';
import type { Listed } from '../../api.js';
import { Choices, EmptyState, Field, Notice, Page, PostForm } from '../../components/index.js';
import { useFacts, useHref, useT } from '../../facts.js';
import type { FormState } from '../../form-state.js';
import { act } from '../../server/act.server.js';
import { loadSignedIn } from '../../server/load.server.js';
import { may } from '../needs-forms/may.js';
import type { Need, Proposal } from './proposal.server.js';

/** The need, and the proposal the organisation has for it already. */
export const loader = (args: LoaderFunctionArgs) =>
  loadSignedIn(args, async (visit) => {
    const id = args.params['id'] ?? '';
    const { body: need } = await visit.api.get<Need>(`/needs/${encodeURIComponent(id)}`);
    const lead = visit.acting?.id;
    const { body } = await visit.api.get<Listed<Proposal>>('/proposals', { query: { need: id, lead, limit: 20 } });
    const mine = lead === undefined ? undefined : body.items.find(({ status }) => status !== 'withdrawn');
    if (mine) throw redirect(visit.href(`/proposals/${mine.id}`));
    return { need };
  });

/** Begins the proposal. */
export const action = (args: ActionFunctionArgs) =>
  act(args, async ({ visit, text, sending }) => {
    const body = { needId: args.params['id'], stage: text('stage'), title: text('title') ?? '', summary: text('summary') ?? '' };
    const { body: proposal } = await visit.api.post<Proposal>('/proposals', { body, ...sending });
    return redirect(visit.href(`/proposals/${proposal.id}/edit`));
  });

/** Where a proposal begins: how far it goes, its name and its gist. */
export default function Propose() {
  const t = useT();
  const href = useHref();
  const { reader } = useFacts();
  const { need } = useLoaderData<typeof loader>();
  const state = useActionData() as FormState | undefined;
  const acting = reader?.acting;
  const own = acting?.id === need.organisationId;
  return (
    <Page
      title={t('proposals:new.title')}
      over={<bdi>{need.title}</bdi>}
      lead={t('proposals:new.lead')}
      crumbs={[
        { to: '/needs', label: t('needs:list.title') },
        { to: `/needs/${need.id}`, label: need.title },
      ]}
      state={state}
    >
      {need.status !== 'published' ? (
        <EmptyState title={t('proposals:new.closed')} to={`/needs/${need.id}`} action={t('pledging:choose.back')}>
          {t('proposals:new.closedText')}
        </EmptyState>
      ) : own || !may(acting, 'editor') ? (
        <Notice kind="warning" title={t(own ? 'proposals:new.own' : 'proposals:new.notYou')}>
          <p>
            <a href={href('/acting')}>{t('site:acting.change')}</a>
          </p>
        </Notice>
      ) : (
        <PostForm state={state} submit={t('proposals:new.submit')}>
          <p>
            {t('proposals:new.lead2')} <bdi>{acting?.name}</bdi>
          </p>
          <Choices
            name="stage"
            label={t('proposals:field.stage')}
            required
            state={state}
            defaultValues={['full']}
            options={['full', 'concept_note'].map((value) => ({
              value,
              label: t(`proposals:stage.${value}`),
              hint: t(`proposals:stageHint.${value}`),
            }))}
          />
          <Field name="title" label={t('proposals:field.title')} required state={state} size={60} />
          <Field
            name="summary"
            label={t('proposals:field.summary')}
            hint={t('proposals:hint.summary')}
            required
            rows={6}
            state={state}
          />
        </PostForm>
      )}
    </Page>
  );
}
