import { Field } from '../../components/index.js';
import { useFacts, useT } from '../../facts.js';
import type { FormState } from '../../form-state.js';
import { countryOptions } from './countries.js';

const TYPES = ['10', '11', '15', '21', '22', '23', '24', '30', '40', '60', '70', '71', '72', '73', '80', '90'] as const;
const KINDS = ['open_source_community', 'ospo'] as const;

interface FieldsProps {
  readonly state: FormState | undefined;
  readonly values?: Readonly<Record<string, string>>;
}

/** Who an organisation is: what the registrars verify. */
export function IdentityFields({ state, values = {} }: FieldsProps) {
  const t = useT();
  const { locale } = useFacts();
  return (
    <>
      <Field
        name="name"
        label={t('account:field.name')}
        hint={t('account:hint.name')}
        required
        visibility="public"
        state={state}
        defaultValue={values['name'] ?? ''}
      />
      <Field
        name="type"
        label={t('account:field.type')}
        required
        visibility="public"
        state={state}
        defaultValue={values['type'] ?? ''}
        options={TYPES.map((value) => ({ value, label: t(`words:organisationType.${value}`) }))}
      />
      <Field
        name="orgKind"
        label={t('account:field.orgKind')}
        hint={t('account:hint.orgKind')}
        visibility="public"
        state={state}
        defaultValue={values['orgKind'] ?? ''}
        options={KINDS.map((value) => ({ value, label: t(`account:orgKind.${value}`) }))}
      />
      <Field
        name="country"
        label={t('account:field.country')}
        visibility="public"
        state={state}
        defaultValue={values['country'] ?? ''}
        options={countryOptions(locale)}
      />
      <Field
        name="identifier"
        label={t('account:field.identifier')}
        hint={t('account:hint.identifier')}
        visibility="public"
        state={state}
        defaultValue={values['identifier'] ?? ''}
      />
    </>
  );
}

/** What an organisation says of itself, in short. */
export function OfferFields({ state, values = {} }: FieldsProps) {
  const t = useT();
  return (
    <>
      <Field
        name="website"
        type="url"
        label={t('account:field.website')}
        hint={t('account:hint.website')}
        visibility="public"
        state={state}
        defaultValue={values['website'] ?? ''}
      />
      <Field
        name="description"
        label={t('account:field.description')}
        hint={t('account:hint.description')}
        rows={5}
        prose
        visibility="public"
        state={state}
        defaultValue={values['description'] ?? ''}
      />
    </>
  );
}
