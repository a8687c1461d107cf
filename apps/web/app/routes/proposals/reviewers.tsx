import type { MemberList } from '@concord/contracts';
import { redirect, useActionData, useLoaderData, type ActionFunctionArgs, type LoaderFunctionArgs } from 'react-router';
import type { z } from 'zod';
import { DataTable, EmptyState, Field, Notice, Page, PostForm } from '../../components/index.js';
import { useFacts, useT } from '../../facts.js';
import type { FormState } from '../../form-state.js';
import { act } from '../../server/act.server.js';
import { loadSignedIn } from '../../server/load.server.js';
import { mayBind } from '../needs-forms/may.js';
import { needPath, ownNeed } from '../needs-forms/own-need.server.js';
import { ReasonField } from '../needs-forms/reason.js';
import type { Review } from './proposal.server.js';

/** Reviewers of the own need, and the members who may become one. */
export const loader = (args: LoaderFunctionArgs) =>
  loadSignedIn(args, async (visit) => {
    const { need } = await ownNeed(visit, args.params, 'published', 'matching', 'partnered', 'closed');
    const [{ body: review }, { body: members }] = await Promise.all([
      visit.api.get<Review>(`${needPath(args.params)}/review`),
      visit.api.get<z.output<typeof MemberList>>(`/organisations/${need.organisationId}/members`),
    ]);
    return {
      need: { id: need.id, title: need.title, open: need.status === 'published' || need.status === 'matching' },
      review,
      members: members.items.map(({ personId, name }) => ({ personId, name })),
    };
  });

/** Appoints a person, or dismisses one with a reason. */
export const action = (args: ActionFunctionArgs) => {
  // Whoever wrote no number was meant to choose a name.
  let personField: 'member' | 'personId' | 'reviewer' = 'member';
  return act(
    args,
    async ({ visit, text, sending }) => {
      const path = needPath(args.params);
      const dismiss = text('step') === 'dismiss';
      if (dismiss) personField = 'reviewer';
      else if (text('member') === undefined && text('personId') !== undefined) personField = 'personId';
      const personId = text(personField) ?? '';
      const reason = { code: 'dismissed', text: text('reason') ?? '' };
      await visit.api.post(`${path}/${dismiss ? 'dismiss' : 'appoint'}-reviewer`, {
        body: dismiss ? { personId, reason } : { personId },
        ...sending,
      });
      return redirect(visit.href(`${path}/reviewers`));
    },
    {
      fieldOf: (pointer) =>
        pointer.startsWith('/reason') ? 'reason' : pointer === '/personId' ? personField : pointer.split('/')[1],
    },
  );
};

/** Who judges the proposals of a need. At least two full scores are needed before a proposal is shortlisted. */
export default function Reviewers() {
  const t = useT();
  const { reader } = useFacts();
  const { need, review, members } = useLoaderData<typeof loader>();
  const state = useActionData() as FormState | undefined;
  const dismissing = state?.values['step']?.[0] === 'dismiss';
  const nameOf = (id: string) => members.find(({ personId }) => personId === id)?.name ?? id;
  const free = members.filter(({ personId }) => !review.reviewers.some((one) => one.personId === personId));
  const dismissible = review.reviewers.filter(({ conflict }) => conflict === undefined);
  return (
    <Page
      title={t('needs-forms:do.reviewers')}
      over={<bdi>{need.title}</bdi>}
      lead={t('proposals:reviewers.lead')}
      crumbs={[
        { to: `/needs/${need.id}`, label: need.title },
        { to: `/needs/${need.id}/proposals`, label: t('needs-forms:do.proposals') },
      ]}
      state={state}
    >
      {review.reviewers.length === 0 ? (
        <EmptyState title={t('proposals:reviewers.none')}>{t('proposals:reviewers.noneText')}</EmptyState>
      ) : (
        <DataTable
          caption={t('proposals:reviewers.caption')}
          rows={review.reviewers}
          rowKey={({ personId }) => personId}
          columns={[
            {
              key: 'name',
              label: t('proposals:scores.reviewer'),
              heads: true,
              cell: ({ personId }) => <bdi>{nameOf(personId)}</bdi>,
            },
            {
              key: 'conflict',
              label: t('proposals:reviewers.conflict'),
              cell: ({ conflict }) => t(conflict === undefined ? 'proposals:reviewers.free' : `proposals:nature.${conflict}`),
            },
          ]}
        />
      )}
      {!need.open ? null : !mayBind(reader?.acting, 'approver') ? (
        <Notice>{t('needs-forms:approversOnly')}</Notice>
      ) : (
        <>
          <h2>{t('proposals:reviewers.appoint')}</h2>
          <PostForm state={dismissing ? undefined : state} submit={t('proposals:reviewers.appoint')}>
            <Field
              name="member"
              label={t('proposals:reviewers.member')}
              state={dismissing ? undefined : state}
              options={free.map(({ personId, name }) => ({ value: personId, label: name }))}
            />
            <Field
              name="personId"
              label={t('proposals:reviewers.personId')}
              hint={t('proposals:reviewers.personHint')}
              state={dismissing ? undefined : state}
              size={40}
            />
          </PostForm>
          {dismissible.length === 0 ? null : (
            <>
              <h2>{t('proposals:reviewers.dismiss')}</h2>
              <PostForm state={dismissing ? state : undefined} submit={t('proposals:reviewers.dismiss')}>
                <input type="hidden" name="step" value="dismiss" />
                <Field
                  name="reviewer"
                  label={t('proposals:scores.reviewer')}
                  required
                  state={dismissing ? state : undefined}
                  options={dismissible.map(({ personId }) => ({ value: personId, label: nameOf(personId) }))}
                />
                <ReasonField state={dismissing ? state : undefined} />
              </PostForm>
            </>
          )}
        </>
      )}
    </Page>
  );
}
