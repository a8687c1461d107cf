import { Choices, Field, FieldSet, type Option } from '../../components/index.js';
import { useT } from '../../facts.js';
import type { FormState } from '../../form-state.js';
import { FIELDS, INSTALMENTS_MAX, type Kind } from './offer.js';

interface FieldsProps {
  readonly kind: Kind;
  /** Unit of the line: another currency brings the fields of its rate. */
  readonly lineUnit: string;
  readonly part: 'offer' | 'terms';
  readonly values: Readonly<Record<string, string>>;
  readonly state: FormState | undefined;
  /** The currency cannot change any more. */
  readonly fixed?: boolean;
}

/** Choices of the API, with words `pledging:<name>.<value>` and hints where they need one. */
const CHOICES: Readonly<Record<string, readonly string[]>> = {
  instrument: ['grant', 'recurring', 'revenue_share', 'procurement', 'loan'],
  earmarking: ['1', '2', '3', '4'],
  schedule: ['by_milestone', 'by_date'],
  aidType: ['D01', 'D02'],
  remote: ['yes', 'no'],
  valuation: ['market_price', 'replacement_cost', 'book_value', 'not_valued'],
  personalData: ['none', 'pseudonymised', 'present'],
};
const DATES = ['rateDate', 'from', 'until', 'validUntil'];
const NUMBERS = ['amount', 'hours', 'items', 'records', 'unitValue'];
const SHORT = ['currency', 'unitCurrency', 'rate'];
const OPTIONAL = ['validUntil', 'unitValue', 'unitCurrency'];
/** Fields with a sentence beside them. */
const HINTED = [
  'currency',
  'rate',
  'source',
  'languages',
  'validUntil',
  'unitValue',
  'licence',
  'sha256',
  'skill',
  'role',
  'schedule',
];

/** The fields of one page of an offer. */
export function OfferFields(props: FieldsProps) {
  const { kind, lineUnit, part, values, fixed } = props;
  const currency = (values['currency'] ?? '').toUpperCase();
  const names = FIELDS[kind][part].filter(
    (name) =>
      (!['rate', 'rateDate', 'source'].includes(name) || (currency !== '' && currency !== lineUnit)) &&
      !(fixed && name === 'currency'),
  );
  return (
    <>
      {names.map((name) => (
        <OfferField key={name} name={name} {...props} />
      ))}
      {kind === 'funding' && part === 'terms' ? <Instalments {...props} /> : null}
      {fixed && kind === 'funding' && part === 'offer' ? <input type="hidden" name="currency" value={values['currency']} /> : null}
    </>
  );
}

function OfferField({ name, values, state, lineUnit }: FieldsProps & { name: string }) {
  const t = useT();
  const labels = { name, label: t(`pledging:field.${name}`), state, required: !OPTIONAL.includes(name) };
  const hint = HINTED.includes(name)
    ? t(`pledging:hint.${name}`, { unit: lineUnit, currency: (values['currency'] ?? '').toUpperCase() })
    : undefined;
  const choices = CHOICES[name];
  if (choices) {
    const options: Option[] = choices.map((value) => ({ value, label: t(`pledging:${name}.${value}`) }));
    return <Choices {...labels} hint={hint} options={options} defaultValues={[values[name] ?? '']} />;
  }
  return (
    <Field
      {...labels}
      hint={hint}
      type={DATES.includes(name) ? 'date' : 'text'}
      {...(NUMBERS.includes(name) ? { inputMode: 'decimal' as const, size: 16 } : {})}
      {...(SHORT.includes(name) ? { size: 10 } : {})}
      defaultValue={values[name] ?? ''}
    />
  );
}

function Instalments({ values, state }: FieldsProps) {
  const t = useT();
  const used = Object.keys(values).flatMap((name) => {
    const index = /^instalments\.(\d+)\./u.exec(name)?.[1];
    return index !== undefined && values[name] ? [Number(index) + 1] : [];
  });
  const shown = Math.min(INSTALMENTS_MAX, Math.max(3, ...used.map((many) => many + 1)));
  return (
    <details open={values['schedule'] === 'by_date' ? true : undefined}>
      <summary>{t('pledging:instalments.add')}</summary>
      <p className="hint">{t('pledging:instalments.hint')}</p>
      {Array.from({ length: shown }, (_, index) => (
        <FieldSet key={index} legend={t('pledging:instalments.one', { number: index + 1 })}>
          <Field
            name={`instalments.${index}.dueOn`}
            label={t('pledging:field.dueOn')}
            type="date"
            state={state}
            defaultValue={values[`instalments.${index}.dueOn`] ?? ''}
          />
          <Field
            name={`instalments.${index}.amount`}
            label={t('pledging:field.amount')}
            inputMode="decimal"
            size={16}
            state={state}
            defaultValue={values[`instalments.${index}.amount`] ?? ''}
          />
        </FieldSet>
      ))}
    </details>
  );
}
