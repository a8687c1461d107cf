import type { PublicOrganisation, VerificationRequest } from '@concord/contracts';
import { useActionData, useLoaderData, type ActionFunctionArgs, type LoaderFunctionArgs } from 'react-router';
import type { z } from 'zod';
import type { Listed } from '../../api.js';
import { countryName, DataTable, EmptyState, Field, Page, Pager, PostForm, When } from '../../components/index.js';
import { useFacts, useHref, useT } from '../../facts.js';
import type { FormState } from '../../form-state.js';
import { act, invalidForm } from '../../server/act.server.js';
import { requestOf, type Organisation } from '../account/own.server.js';
import { eachOf } from './bulk.server.js';
import { Outcomes, type Outcome } from './outcomes.js';
import { loadRegistrar } from './registrar.server.js';

interface Queued {
  readonly organisation: Organisation;
  readonly request: z.output<typeof VerificationRequest> | undefined;
}

const SIZE = 20;

/** Organisations that asked to be verified, with what they handed in. */
export const loader = (args: LoaderFunctionArgs) =>
  loadRegistrar(args, async (visit) => {
    const cursor = visit.url.searchParams.get('cursor') ?? undefined;
    const { body } = await visit.api.get<Listed<Organisation>>('/organisations', {
      query: { standing: 'pending', sort: 'newest', limit: SIZE, cursor },
    });
    const items: Queued[] = await Promise.all(
      body.items.map(async (organisation) => ({ organisation, request: await requestOf(visit.api, organisation.id) })),
    );
    return { items, next: body.next };
  });

/** Verifies the chosen ones, or asks all of them for the same information. */
export const action = (args: ActionFunctionArgs) =>
  act(args, async (sent) => {
    const { visit, text, all, sending } = sent;
    const asks = text('do') === 'ask';
    const chosen = all('organisation');
    const reason = text('reason');
    const faults = [
      ...(chosen.length === 0 ? [{ field: 'organisation', text: visit.t('administration:queue.chooseFirst') }] : []),
      ...(asks && reason === undefined ? [{ field: 'reason', text: visit.t('problems:reason_required') }] : []),
    ];
    if (faults.length > 0) return invalidForm(sent, faults);
    const names = await visit.namesOf(chosen);
    const outcomes = await eachOf(
      visit,
      chosen,
      (id) => names.get(id) ?? id,
      async (id) => {
        const { body } = await visit.api.post<z.output<typeof PublicOrganisation>>(
          `/organisations/${encodeURIComponent(id)}/${asks ? 'ask-information' : 'verify'}`,
          {
            body: asks ? { reason: { code: 'information_missing', text: reason } } : {},
            idempotencyKey: `${sending.idempotencyKey}-${id}`,
          },
        );
        if (asks) return visit.t('administration:outcome.asked');
        return visit.t(body.standing === 'verified' ? 'administration:outcome.verified' : 'administration:outcome.first');
      },
    );
    return { outcomes } as unknown as FormState;
  });

/** The queue of verifications. */
export default function Queue() {
  const t = useT();
  const { items, next } = useLoaderData<typeof loader>();
  const given = useActionData() as FormState | { readonly outcomes: readonly Outcome[] } | undefined;
  const outcomes = given && 'outcomes' in given ? given.outcomes : undefined;
  const state = given && 'outcomes' in given ? undefined : given;
  return (
    <Page
      title={t('administration:queue.title')}
      lead={t('administration:queue.lead')}
      state={state}
      crumbs={[{ to: '/admin', label: t('site:nav.administration') }]}
    >
      {outcomes ? <Outcomes outcomes={outcomes} /> : null}
      {items.length === 0 ? (
        <EmptyState title={t('administration:queue.none')} to="/admin" action={t('site:nav.administration')}>
          {t('administration:queue.noneText')}
        </EmptyState>
      ) : (
        <PostForm state={state}>
          <QueueTable items={items} />
          <p className="actions">
            <button type="submit" name="do" value="verify">
              {t('administration:queue.verify')}
            </button>
          </p>
          <Field
            name="reason"
            label={t('administration:queue.missing')}
            hint={t('administration:reason.public')}
            rows={3}
            visibility="public"
            state={state}
          />
          <p className="actions">
            <button type="submit" name="do" value="ask" className="quiet">
              {t('administration:queue.ask')}
            </button>
          </p>
        </PostForm>
      )}
      <Pager next={next} size={SIZE} />
    </Page>
  );
}

function QueueTable({ items }: { items: readonly Queued[] }) {
  const t = useT();
  const href = useHref();
  const { locale } = useFacts();
  return (
    <div id="field-organisation" className="wide">
      <DataTable
        caption={t('administration:queue.caption')}
        captionHidden
        rows={items}
        rowKey={({ organisation }) => organisation.id}
        columns={[
          {
            key: 'name',
            label: t('account:field.name'),
            heads: true,
            cell: ({ organisation: { id, name } }) => (
              <span className="choice">
                <input type="checkbox" name="organisation" value={id} aria-label={`${t('administration:queue.choose')} ${name}`} />
                <a href={href(`/admin/organisations/${id}`)}>
                  <bdi>{name}</bdi>
                </a>
              </span>
            ),
          },
          {
            key: 'type',
            label: t('account:field.type'),
            cell: ({ organisation: { type, country } }) => (
              <>
                {t(`words:organisationType.${type}`)}
                {country === undefined ? '' : ` · ${countryName(locale, country)}`}
              </>
            ),
          },
          {
            key: 'identifier',
            label: t('account:field.identifier'),
            cell: ({ organisation: { identifier } }) => <bdi dir="ltr">{identifier ?? '–'}</bdi>,
          },
          {
            key: 'sanctions',
            label: t('account:check.sanctions.result'),
            cell: ({ request }) => (request ? t(`account:sanctions.${request.checklist.sanctions.result}`) : '–'),
          },
          {
            key: 'requested',
            label: t('account:check.requested'),
            cell: ({ request }) => (request ? <When at={request.requestedAt} /> : '–'),
          },
          {
            key: 'waits',
            label: t('administration:queue.waits'),
            cell: ({ organisation: { pendingApproval } }) =>
              t(pendingApproval ? 'administration:queue.second' : 'administration:queue.first'),
          },
        ]}
      />
    </div>
  );
}
