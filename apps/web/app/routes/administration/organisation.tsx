import type { MemberList } from '@concord/contracts';
import { redirect, useActionData, useLoaderData, type ActionFunctionArgs, type LoaderFunctionArgs } from 'react-router';
import type { z } from 'zod';
import {
  Choices,
  countryName,
  DataTable,
  ErrorSummary,
  Field,
  NextStep,
  Notice,
  Page,
  PostForm,
  StateBadge,
} from '../../components/index.js';
import { useFacts, useHref, useT } from '../../facts.js';
import type { FormState } from '../../form-state.js';
import { act, invalidForm } from '../../server/act.server.js';
import { Checklist } from '../account/checklist.js';
import { countryOptions } from '../account/countries.js';
import { requestOf, type Organisation } from '../account/own.server.js';
import { Profile } from '../organisations/profile.js';
import { loadRegistrar } from './registrar.server.js';

type Member = z.output<typeof MemberList>['items'][number];

/** Steps with a reason, per standing; the code goes into the public decision log. */
const REASONED: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  pending: [
    ['ask-information', 'information_missing'],
    ['reject', 'not_verifiable'],
  ],
  verified: [['suspend', 'registrar_decision']],
  suspended: [['reinstate', 'registrar_decision']],
};
const PLAIN = ['verify', 'designate-focal-point'];

/** The organisation as registrars look at it. */
export const loader = (args: LoaderFunctionArgs) =>
  loadRegistrar(args, async (visit) => {
    const id = args.params['id'] ?? '';
    const path = `/organisations/${encodeURIComponent(id)}`;
    const [organisation, request, members] = await Promise.all([
      visit.api.get<Organisation>(path),
      requestOf(visit.api, id),
      visit.api.get<z.output<typeof MemberList>>(`${path}/members`),
    ]);
    const { items } = members.body;
    return {
      organisation: organisation.body,
      request,
      members: items,
      belongs: items.some(({ personId }) => personId === visit.session?.personId),
      done: visit.url.searchParams.get('done'),
    };
  });

/** Decides. */
export const action = (args: ActionFunctionArgs) => {
  const path = `/organisations/${encodeURIComponent(args.params['id'] ?? '')}`;
  return act(
    args,
    async (sent) => {
      const { visit, text, all, sending } = sent;
      const step = text('do') ?? '';
      const code = Object.values(REASONED)
        .flat()
        .find(([one]) => one === step)?.[1];
      if (code === undefined && !PLAIN.includes(step)) return redirect(visit.href(`/admin${path}`));
      const reason = text(`reason-${step}`);
      if (code !== undefined && reason === undefined)
        return invalidForm(sent, [{ field: `reason-${step}`, text: visit.t('problems:reason_required') }]);
      const body =
        step === 'designate-focal-point'
          ? { countries: all('countries') }
          : code === undefined
            ? {}
            : { reason: { code, text: reason } };
      const { body: after } = await visit.api.post<Organisation>(`${path}/${step}`, { body, ...sending });
      return redirect(visit.href(`/admin${path}?done=${after.pendingApproval ? 'first' : 'yes'}`));
    },
    { fieldOf: (pointer) => (pointer.startsWith('/countries') ? 'countries' : undefined) },
  );
};

/** One organisation: what it handed in, and what registrars may do with it now. */
export default function Decide() {
  const t = useT();
  const { organisation, request, members, belongs, done } = useLoaderData<typeof loader>();
  const state = useActionData() as FormState | undefined;
  const { id, name, standing, reason, validUntil, pendingApproval } = organisation;
  const waits = standing === 'pending' && pendingApproval !== undefined;
  const own = ['unverified', 'rejected', 'expired'].includes(standing);
  return (
    <Page
      title={name}
      heading={<bdi>{name}</bdi>}
      over={<StateBadge kind="standing" state={standing} />}
      state={state}
      crumbs={[
        { to: '/admin', label: t('site:nav.administration') },
        { to: '/admin/verification', label: t('administration:queue.title') },
      ]}
    >
      <ErrorSummary state={state} />
      {done === null || state ? null : (
        <Notice kind="success">{t(done === 'first' ? 'administration:outcome.first' : 'administration:outcome.done')}</Notice>
      )}
      {belongs ? <Notice kind="warning">{t('administration:decide.belongs')}</Notice> : null}
      <div className="object">
        <div>
          {reason === undefined ? null : (
            <Notice title={t('account:verify.reason')}>
              <p dir="auto">{reason.text}</p>
            </Notice>
          )}
          {request ? <Checklist request={request} /> : null}
          {belongs ? null : <Steps organisation={organisation} state={state} />}
          <MemberTable members={members} />
        </div>
        <aside>
          <NextStep
            action={t(`account:verify.next.${waits ? 'second' : standing}`)}
            who={
              own ? (
                <bdi>{name}</bdi>
              ) : standing === 'verified' ? (
                t('account:verify.who.nobody')
              ) : (
                t('account:verify.who.registrars')
              )
            }
            by={standing === 'verified' ? validUntil : undefined}
            to={`/organisations/${id}`}
            button={t('administration:decide.page')}
          />
          <Profile organisation={organisation} />
        </aside>
      </div>
    </Page>
  );
}

function Steps({ organisation, state }: { organisation: Organisation; state: FormState | undefined }) {
  const t = useT();
  const { standing, focalCountries } = organisation;
  const typed = state?.values['do']?.[0];
  return (
    <>
      {standing === 'pending' ? (
        <section aria-labelledby="verify">
          <h2 id="verify">{t('administration:decide.verify')}</h2>
          <p>{t('administration:decide.verifyText')}</p>
          <PostForm>
            <button type="submit" name="do" value="verify">
              {t('administration:decide.verify')}
            </button>
          </PostForm>
        </section>
      ) : null}
      {(REASONED[standing] ?? []).map(([step]) => (
        <section key={step} aria-labelledby={step}>
          <h2 id={step}>{t(`administration:decide.${step}`)}</h2>
          <p>{t(`administration:decideText.${step}`)}</p>
          <PostForm>
            <input type="hidden" name="do" value={step} />
            <Field
              name={`reason-${step}`}
              label={t('administration:reason.label')}
              hint={t('administration:reason.public')}
              rows={3}
              required
              visibility="public"
              state={typed === step ? state : undefined}
            />
            <button type="submit" className="quiet">
              {t(`administration:decide.${step}`)}
            </button>
          </PostForm>
        </section>
      ))}
      {standing === 'verified' ? (
        <FocalPoint focalCountries={focalCountries} state={typed === 'designate-focal-point' ? state : undefined} />
      ) : null}
    </>
  );
}

function FocalPoint({ focalCountries, state }: { focalCountries: readonly string[]; state: FormState | undefined }) {
  const t = useT();
  const { locale } = useFacts();
  return (
    <section aria-labelledby="focal">
      <h2 id="focal">{t('administration:focal.title')}</h2>
      <p>
        {t('administration:focal.now')}{' '}
        {focalCountries.length === 0
          ? t('administration:focal.none')
          : focalCountries.map((code) => countryName(locale, code)).join(', ')}
      </p>
      <PostForm>
        <input type="hidden" name="do" value="designate-focal-point" />
        <details className="facet">
          <summary>{t('administration:focal.choose')}</summary>
          <Choices
            name="countries"
            label={t('administration:focal.countries')}
            several
            visibility="public"
            state={state}
            defaultValues={focalCountries}
            options={countryOptions(locale)}
          />
        </details>
        <button type="submit" className="quiet">
          {t('administration:focal.save')}
        </button>
      </PostForm>
    </section>
  );
}

function MemberTable({ members }: { members: readonly Member[] }) {
  const t = useT();
  const href = useHref();
  return (
    <section aria-labelledby="members">
      <h2 id="members">{t('account:own.members')}</h2>
      <DataTable
        caption={t('account:members.caption')}
        captionHidden
        rows={members}
        rowKey={({ personId }) => personId}
        columns={[
          {
            key: 'name',
            label: t('account:members.name'),
            heads: true,
            cell: ({ personId, name }) => (
              <a href={href(`/admin/people/${personId}`)}>
                <bdi>{name}</bdi>
              </a>
            ),
          },
          {
            key: 'roles',
            label: t('account:members.roles'),
            cell: ({ roles }) => roles.map((role) => t(`words:role.${role}`)).join(', '),
          },
        ]}
      />
    </section>
  );
}
