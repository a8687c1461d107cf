import { redirect, useActionData, useLoaderData, type ActionFunctionArgs, type LoaderFunctionArgs } from 'react-router';
import { Choices, countryName, Field, Notice, Page, PostForm } from '../../components/index.js';
import { useFacts, useT } from '../../facts.js';
import type { FormState } from '../../form-state.js';
import { act } from '../../server/act.server.js';
import { absent, loadSignedIn } from '../../server/load.server.js';
import { countryOptions } from './countries.js';
import { apiFor, fieldOf, ownOf, type Organisation } from './own.server.js';
import { OwnPages } from './own-pages.js';
import { IdentityFields, OfferFields } from './profile-fields.js';
import { identityOpen, revisionOf, valuesOf } from './profile-form.server.js';

const MAY_EDIT = ['admin', 'approver', 'editor'];
const LISTS = ['capabilities', 'sdgs', 'sectors', 'languages'] as const;

/** The profile as it is, for those who keep it. */
export const loader = (args: LoaderFunctionArgs) =>
  loadSignedIn(args, async (visit) => {
    const { organisation, etag, roles } = await ownOf(visit, args.params['id'] ?? '');
    if (!roles.some((role) => MAY_EDIT.includes(role)) || organisation.standing === 'suspended') throw absent(visit);
    const { id, name, countriesServed = [], standing, type, country, identifier } = organisation;
    return {
      etag,
      values: valuesOf(organisation),
      served: countriesServed,
      open: identityOpen(organisation),
      shown: { id, name, standing, type, country, identifier },
      done: visit.url.searchParams.has('done'),
    };
  });

/** Changes the profile, if it is still the one that was shown. */
export const action = (args: ActionFunctionArgs) => {
  const id = args.params['id'] ?? '';
  const path = `/organisations/${encodeURIComponent(id)}`;
  return act(
    args,
    async (sent) => {
      const { visit, sending, text } = sent;
      const body = revisionOf(sent, text('identity') === 'open');
      await apiFor(visit, id).patch(path, { body, ...sending });
      return redirect(visit.href(`${path}/edit?done=yes`));
    },
    {
      fieldOf,
      fieldOfCode: { identifier_taken: 'identifier', kind_without_type: 'orgKind' },
      current: async (visit) => {
        const { body, etag } = await visit.api.get<Organisation>(path);
        return { values: valuesOf(body), etag };
      },
    },
  );
};

/** What an organisation says of itself. */
export default function EditOrganisation() {
  const t = useT();
  const { locale } = useFacts();
  const { etag, values, served, open, shown, done } = useLoaderData<typeof loader>();
  const state = useActionData() as FormState | undefined;
  const names = ['name', 'type', 'orgKind', 'country', 'identifier', 'acronym', 'website', 'description', ...LISTS] as const;
  return (
    <Page
      title={t('account:own.edit')}
      over={<bdi>{shown.name}</bdi>}
      state={state}
      crumbs={[
        { to: '/organisations', label: t('site:nav.organisations') },
        { to: `/organisations/${shown.id}`, label: shown.name },
      ]}
    >
      <OwnPages id={shown.id} />
      {done && !state ? <Notice kind="success">{t('account:edit.done')}</Notice> : null}
      {open ? null : <Fixed shown={shown} />}
      <PostForm
        state={state}
        etag={etag}
        submit={t('account:save')}
        labels={Object.fromEntries(names.map((name) => [name, t(`account:field.${name}`)]))}
      >
        {open ? (
          <>
            <input type="hidden" name="identity" value="open" />
            <IdentityFields state={state} values={values} />
          </>
        ) : null}
        <Field
          name="acronym"
          label={t('account:field.acronym')}
          visibility="public"
          state={state}
          size={20}
          defaultValue={values['acronym'] ?? ''}
        />
        <OfferFields state={state} values={values} />
        {LISTS.map((name) => (
          <Field
            key={name}
            name={name}
            label={t(`account:field.${name}`)}
            hint={t(`account:hint.${name}`)}
            rows={3}
            visibility="public"
            state={state}
            defaultValue={values[name] ?? ''}
          />
        ))}
        <details className="facet">
          <summary>{t('account:field.countriesServed')}</summary>
          <Choices
            name="countriesServed"
            label={t('account:field.countriesServed')}
            several
            visibility="public"
            state={state}
            defaultValues={served}
            options={countryOptions(locale)}
          />
        </details>
      </PostForm>
    </Page>
  );
}

interface FixedProps {
  readonly shown: Pick<Organisation, 'name' | 'type' | 'country' | 'identifier'>;
}

/** What the registrars look at, and why it cannot be changed now. */
function Fixed({ shown }: FixedProps) {
  const t = useT();
  const { locale } = useFacts();
  return (
    <Notice title={t('account:edit.fixedTitle')}>
      <p>{t('account:edit.fixed')}</p>
      <p className="meta">
        <bdi>{shown.name}</bdi>
        <span>{t(`words:organisationType.${shown.type}`)}</span>
        {shown.country === undefined ? null : <span>{countryName(locale, shown.country)}</span>}
        {shown.identifier === undefined ? null : <bdi dir="ltr">{shown.identifier}</bdi>}
      </p>
    </Notice>
  );
}
