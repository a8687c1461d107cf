import type { VerificationChecklist } from '@concord/contracts';
import { redirect, useActionData, useLoaderData, type ActionFunctionArgs, type LoaderFunctionArgs } from 'react-router';
import type { z } from 'zod';
import { Choices, Field, FieldSet, NextStep, Notice, Page, PostForm, StateBadge } from '../../components/index.js';
import { useT } from '../../facts.js';
import type { FormState } from '../../form-state.js';
import { act } from '../../server/act.server.js';
import { loadSignedIn } from '../../server/load.server.js';
import { Checklist } from './checklist.js';
import { apiFor, fieldOf, linesOf, ownOf, requestOf } from './own.server.js';
import { OwnPages } from './own-pages.js';
import { identityOpen } from './profile-form.server.js';

type Given = z.output<typeof VerificationChecklist>;
type Standing = 'unverified' | 'pending' | 'verified' | 'rejected' | 'suspended' | 'expired';

/** How far the verification is, and what was handed in last. */
export const loader = (args: LoaderFunctionArgs) =>
  loadSignedIn(args, async (visit) => {
    const id = args.params['id'] ?? '';
    const { organisation, roles } = await ownOf(visit, id);
    const admin = roles.includes('admin');
    const request = admin ? await requestOf(apiFor(visit, id), id) : undefined;
    const { name, standing, identifier, reason, validUntil, pendingApproval } = organisation;
    return {
      organisation: { id, name, standing, identifier, reason, validUntil, waits: pendingApproval !== undefined },
      admin,
      open: identityOpen(organisation),
      request,
      done: { registered: visit.url.searchParams.has('registered'), asked: visit.url.searchParams.has('asked') },
    };
  });

/** Asks the registrars to verify. */
export const action = (args: ActionFunctionArgs) => {
  const id = args.params['id'] ?? '';
  const path = `/organisations/${encodeURIComponent(id)}`;
  return act(
    args,
    async (sent) => {
      const { visit, text, sending } = sent;
      await apiFor(visit, id).post(`${path}/request-verification`, {
        body: {
          legalExistence: text('legalExistence'),
          identifier: text('identifier'),
          contact: { name: text('contact.name'), email: text('contact.email') },
          sanctions: { checkedOn: text('sanctions.checkedOn'), source: text('sanctions.source'), result: text('sanctions.result') },
          signatories: linesOf(sent, 'signatories'),
        },
        ...sending,
      });
      return redirect(visit.href(`${path}/verification?asked=yes`));
    },
    {
      fieldOf: (pointer) => (pointer.startsWith('/signatories') ? 'signatories' : fieldOf(pointer)),
      fieldOfCode: { identifier_taken: 'identifier' },
    },
  );
};

/** Who acts now, per state. */
const WHO: Readonly<Record<Standing, 'admins' | 'registrars' | 'nobody'>> = {
  unverified: 'admins',
  rejected: 'admins',
  expired: 'admins',
  pending: 'registrars',
  suspended: 'registrars',
  verified: 'nobody',
};

/** Verification: ask for it, and see how far it is. */
export default function Verification() {
  const t = useT();
  const { organisation, admin, open, request, done } = useLoaderData<typeof loader>();
  const state = useActionData() as FormState | undefined;
  const { id, name, standing, reason, validUntil, waits } = organisation;
  const step = standing === 'pending' && waits ? 'second' : standing;
  return (
    <Page
      title={t('account:own.verification')}
      over={
        <>
          {open && done.registered ? `${t('account:step', { number: 3, of: 3 })} · ` : null}
          <bdi>{name}</bdi> · <StateBadge kind="standing" state={standing} />
        </>
      }
      lead={t('account:verify.lead')}
      state={state}
      crumbs={[
        { to: '/organisations', label: t('site:nav.organisations') },
        { to: `/organisations/${id}`, label: name },
      ]}
    >
      <OwnPages id={id} />
      {done.registered && open && !state ? <Notice kind="success">{t('account:verify.registered')}</Notice> : null}
      {done.asked && standing === 'pending' ? <Notice kind="success">{t('account:verify.asked')}</Notice> : null}
      {reason === undefined || !['unverified', 'rejected', 'suspended'].includes(standing) ? null : (
        <Notice kind="warning" title={t('account:verify.reason')}>
          <p dir="auto">{reason.text}</p>
        </Notice>
      )}
      <NextStep
        action={t(`account:verify.next.${step}`)}
        who={t(`account:verify.who.${WHO[standing]}`)}
        by={standing === 'verified' ? validUntil : undefined}
      />
      {open && admin ? <Ask given={request?.checklist} identifier={organisation.identifier} state={state} /> : null}
      {!open && request ? <Checklist request={request} /> : null}
    </Page>
  );
}

interface AskProps {
  readonly given: Given | undefined;
  readonly identifier: string | undefined;
  readonly state: FormState | undefined;
}

function Ask({ given, identifier, state }: AskProps) {
  const t = useT();
  const results = ['clear', 'possible_match', 'match'] as const;
  const field = (name: string, defaultValue: string | undefined) => ({
    name,
    label: t(`account:check.${name}`) as React.ReactNode,
    required: true,
    state,
    defaultValue: defaultValue ?? '',
  });
  return (
    <section aria-labelledby="ask">
      <h2 id="ask">{t('account:verify.askTitle')}</h2>
      <p>{t('account:verify.private')}</p>
      <PostForm state={state} submit={t('account:verify.submit')}>
        <Field
          {...field('legalExistence', given?.legalExistence)}
          hint={t('account:checkHint.legalExistence')}
          rows={3}
          visibility="private"
        />
        <Field {...field('identifier', given?.identifier ?? identifier)} hint={t('account:hint.identifier')} visibility="public" />
        <FieldSet legend={t('account:check.contact.title')}>
          <Field {...field('contact.name', given?.contact.name)} label={t('account:check.contact.name')} visibility="private" />
          <Field
            {...field('contact.email', given?.contact.email)}
            label={t('account:check.contact.email')}
            type="email"
            autoComplete="email"
            visibility="private"
          />
        </FieldSet>
        <FieldSet legend={t('account:check.sanctions.title')}>
          <p className="hint">{t('account:checkHint.sanctions')}</p>
          <Field
            {...field('sanctions.checkedOn', given?.sanctions.checkedOn)}
            label={t('account:check.sanctions.checkedOn')}
            type="date"
          />
          <Field
            {...field('sanctions.source', given?.sanctions.source)}
            label={t('account:check.sanctions.source')}
            visibility="private"
          />
          <Choices
            name="sanctions.result"
            label={t('account:check.sanctions.result')}
            required
            visibility="private"
            state={state}
            defaultValues={given ? [given.sanctions.result] : []}
            options={results.map((value) => ({ value, label: t(`account:sanctions.${value}`) }))}
          />
        </FieldSet>
        <Field
          {...field('signatories', given?.signatories.join('\n'))}
          hint={t('account:checkHint.signatories')}
          rows={3}
          visibility="private"
        />
      </PostForm>
    </section>
  );
}
