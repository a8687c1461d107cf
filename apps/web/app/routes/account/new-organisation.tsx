import { redirect, useActionData, type ActionFunctionArgs, type LoaderFunctionArgs } from 'react-router';
import { Choices, countryName, Page, PostForm, StateBadge } from '../../components/index.js';
import { useFacts, useHref, useT } from '../../facts.js';
import type { FormState } from '../../form-state.js';
import { act, invalidForm, type Sent } from '../../server/act.server.js';
import { loadSignedIn } from '../../server/load.server.js';
import { apiFor, type Organisation } from './own.server.js';
import { IdentityFields, OfferFields } from './profile-fields.js';
import { identityOf } from './profile-form.server.js';
import { similarTo } from './similar.server.js';

/** The form again, with organisations that may be the same. */
type WithSimilar = FormState & { readonly similar?: readonly Organisation[] };

/** Only who is signed in registers an organisation. */
export const loader = (args: LoaderFunctionArgs) => loadSignedIn(args, () => null);

/** The name and identifier that were looked up: another name is looked up again. */
const askedFor = (sent: Sent): string => `${sent.text('name') ?? ''}\n${sent.text('identifier') ?? ''}`;

/** Registers the organisation; first shows those that look the same, once. */
export const action = (args: ActionFunctionArgs) =>
  act(
    args,
    async (sent) => {
      const { visit, text, sending } = sent;
      const name = text('name');
      if (name !== undefined && (sent.all('confirmed')[0] ?? '').replaceAll('\r', '') !== askedFor(sent)) {
        const similar = await similarTo(visit, name, text('identifier'));
        if (similar.length > 0) {
          const fault = { field: 'confirmed', text: visit.t('account:new.similarFault') };
          return { ...invalidForm(sent, [fault]), similar, asked: askedFor(sent) } as WithSimilar;
        }
      }
      const own = text('own');
      const website = text('website');
      const description = text('description');
      const { body } = await visit.api.post<Organisation>('/organisations', {
        body: { ...identityOf(sent), ...(website ? { website } : {}), ...(description ? { description } : {}) },
        ...sending,
      });
      const roles = own === undefined ? ['admin'] : ['admin', own];
      if (own !== undefined) {
        await apiFor(visit, body.id).post(`/organisations/${body.id}/set-roles`, {
          body: { personId: visit.session?.personId, roles },
          idempotencyKey: `${sending.idempotencyKey}-roles`,
        });
      }
      await visit.actFor({ id: body.id, name: body.name, type: body.type, standing: body.standing, roles });
      return redirect(visit.href(`/organisations/${body.id}/verification?registered=yes`));
    },
    { fieldOfCode: { identifier_taken: 'identifier', kind_without_type: 'orgKind' } },
  );

/** Registers an organisation: the second of three steps. */
export default function NewOrganisation() {
  const t = useT();
  const state = useActionData() as (WithSimilar & { readonly asked?: string }) | undefined;
  return (
    <Page
      title={t('account:new.title')}
      over={t('account:step', { number: 2, of: 3 })}
      lead={t('account:new.lead')}
      state={state}
      crumbs={[{ to: '/organisations', label: t('site:nav.organisations') }]}
    >
      <PostForm state={state} submit={t('account:new.submit')}>
        {state?.similar ? <Similar similar={state.similar} asked={state.asked ?? ''} state={state} /> : null}
        <IdentityFields state={state} />
        <OfferFields state={state} />
        <Choices
          name="own"
          label={t('account:new.own')}
          hint={t('account:new.ownHint')}
          state={state}
          defaultValues={['approver']}
          options={(['approver', 'editor'] as const).map((value) => ({
            value,
            label: t(`words:role.${value}`),
            hint: t(`account:roleMeans.${value}`),
          }))}
        />
      </PostForm>
    </Page>
  );
}

function Similar({ similar, asked, state }: { similar: readonly Organisation[]; asked: string; state: FormState }) {
  const t = useT();
  const href = useHref();
  const { locale } = useFacts();
  return (
    <div className="conflict">
      <h2>{t('account:new.similarTitle')}</h2>
      <p>{t('account:new.similar')}</p>
      <ul>
        {similar.map(({ id, name, standing, country, identifier }) => (
          <li key={id}>
            <a href={href(`/organisations/${id}`)}>
              <bdi>{name}</bdi>
            </a>{' '}
            <StateBadge kind="standing" state={standing} />{' '}
            <span className="mark">
              {country === undefined ? null : countryName(locale, country)} <bdi dir="ltr">{identifier ?? ''}</bdi>
            </span>
          </li>
        ))}
      </ul>
      <Choices
        name="confirmed"
        label={t('account:new.confirm')}
        several
        required
        state={state}
        options={[{ value: asked, label: t('account:new.confirmed') }]}
      />
    </div>
  );
}
