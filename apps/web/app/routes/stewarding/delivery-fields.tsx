import { Field, FieldSet } from '../../components/index.js';
import { useT } from '../../facts.js';
import type { FormState } from '../../form-state.js';
import type { Delivery } from './delivery-body.js';
import { logRows } from './log-rows.js';
import { typedIn } from './money.js';

interface FieldsProps {
  readonly kind: Delivery['kind'];
  readonly unit: string;
  readonly state: FormState | undefined;
  /** What was recorded before, when it is corrected. */
  readonly recorded?: Delivery['evidence'];
  readonly today: string;
}

/** Fields of what was delivered, by its kind. */
export function DeliveryFields(props: FieldsProps) {
  const { kind, state, recorded } = props;
  switch (kind) {
    case 'funding':
      return <MoneyFields {...props} />;
    case 'expertise':
      return <LogFields state={state} recorded={recorded?.kind === 'expertise' ? recorded.log : []} />;
    case 'in_kind':
      return <GoodsFields {...props} />;
    case 'data':
      return <HandoverFields {...props} />;
  }
}

function MoneyFields({ unit, state, recorded, today }: FieldsProps) {
  const t = useT();
  const was = recorded?.kind === 'funding' ? recorded : undefined;
  return (
    <>
      <Field
        name="amount"
        label={t('stewarding:field.amount', { unit })}
        hint={t('stewarding:field.amountHint')}
        inputMode="decimal"
        size={14}
        required
        visibility="public"
        state={state}
        defaultValue={was ? typedIn(unit, was.amount.amount) : ''}
      />
      <DayField name="paidOn" state={state} day={was?.paidOn ?? today} />
      <Field
        name="reference"
        label={t('stewarding:field.reference')}
        required
        visibility="private"
        state={state}
        defaultValue={was?.reference ?? ''}
      />
    </>
  );
}

function GoodsFields({ state, recorded, today }: FieldsProps) {
  const t = useT();
  const was = recorded?.kind === 'in_kind' ? recorded : undefined;
  return (
    <>
      <Field
        name="items"
        label={t('stewarding:field.items')}
        inputMode="numeric"
        size={8}
        required
        visibility="public"
        state={state}
        defaultValue={was ? String(was.items) : ''}
      />
      <DayField name="deliveredOn" state={state} day={was?.deliveredOn ?? today} />
      <Field name="place" label={t('stewarding:field.place')} visibility="private" state={state} defaultValue={was?.place ?? ''} />
    </>
  );
}

function HandoverFields({ state, recorded, today }: FieldsProps) {
  const t = useT();
  const was = recorded?.kind === 'data' ? recorded : undefined;
  return (
    <>
      <Field
        name="records"
        label={t('stewarding:field.records')}
        inputMode="numeric"
        size={10}
        required
        visibility="private"
        state={state}
        defaultValue={was ? String(was.records) : ''}
      />
      <DayField name="handedOverOn" state={state} day={was?.handedOverOn ?? today} />
      <Field
        name="sha256"
        label={t('stewarding:field.checksum')}
        hint={t('stewarding:field.checksumHint')}
        required
        visibility="private"
        state={state}
        defaultValue={was?.sha256 ?? ''}
      />
    </>
  );
}

function DayField({ name, state, day }: { name: string; state: FormState | undefined; day: string }) {
  const t = useT();
  const label = t(name === 'paidOn' ? 'stewarding:field.paidOn' : 'stewarding:field.deliveredOn');
  return <Field name={name} type="date" label={label} required visibility="private" state={state} defaultValue={day} />;
}

interface LogProps {
  readonly state: FormState | undefined;
  readonly recorded: readonly { readonly pseudonym: string; readonly day: string; readonly hours: number; readonly work: string }[];
}

function LogFields({ state, recorded }: LogProps) {
  const t = useT();
  const rows = logRows(recorded.length, state?.values['rows']?.[0]);
  return (
    <>
      <p className="hint">{t('stewarding:field.logHint')}</p>
      <input type="hidden" name="rows" value={rows} />
      {Array.from({ length: rows }, (_, n) => (
        <FieldSet key={n} legend={t('stewarding:field.logRow', { number: n + 1 })}>
          <div className="plan-row">
            <Field
              name={`log.${n}.pseudonym`}
              label={t('stewarding:field.pseudonym')}
              required={n === 0}
              state={state}
              defaultValue={recorded[n]?.pseudonym ?? ''}
            />
            <Field
              name={`log.${n}.day`}
              type="date"
              label={t('stewarding:field.day')}
              required={n === 0}
              state={state}
              defaultValue={recorded[n]?.day ?? ''}
            />
            <Field
              name={`log.${n}.hours`}
              label={t('stewarding:field.hours')}
              inputMode="numeric"
              size={4}
              required={n === 0}
              state={state}
              defaultValue={recorded[n] ? String(recorded[n].hours) : ''}
            />
          </div>
          <Field
            name={`log.${n}.work`}
            label={t('stewarding:field.work')}
            required={n === 0}
            state={state}
            defaultValue={recorded[n]?.work ?? ''}
          />
        </FieldSet>
      ))}
      <p>
        <button type="submit" name="intent" value="more" className="quiet">
          {t('stewarding:field.moreRows')}
        </button>
      </p>
    </>
  );
}
