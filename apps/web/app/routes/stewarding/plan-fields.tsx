import { Choices, Field, FieldSet } from '../../components/index.js';
import { useT } from '../../facts.js';
import type { FormState } from '../../form-state.js';
import type { Project } from '../projects/board.js';
import type { Choosable } from './organisation-options.js';
import { CRITERIA_MAX, SIGNERS_MAX, type Values } from './plan-form.js';

const ROLES = ['steward', 'funder', 'verifier', 'community'] as const;

interface PartProps {
  readonly n: number;
  readonly project: Project;
  readonly options: readonly Choosable[];
  /** What the fields hold: what was typed, or the plan as it is. */
  readonly filled: FormState;
  /** Work was handed in or decided upon: it stays as agreed. */
  readonly frozen: boolean;
}

const named = (values: Values, name: string): string => values[name]?.[0] ?? '';

/** Rows in use of a list of fields, and one more to fill, at least `min`. */
function rowsOf(values: Values, top: string, part: string, bounds: { readonly min: number; readonly max: number }): number[] {
  let last = -1;
  for (let m = 0; m < bounds.max; m += 1) if (named(values, `${top}.${part}`.replace('#', String(m))) !== '') last = m;
  return Array.from({ length: Math.min(bounds.max, Math.max(bounds.min, last + 2)) }, (_, m) => m);
}

/** One milestone of a plan. */
export function PlanPart({ n, project, options, filled, frozen }: PartProps) {
  const t = useT();
  const top = `milestones.${n}`;
  const { values } = filled;
  const title = named(values, `${top}.title`);
  if (frozen) return <Frozen top={top} values={values} />;
  const parties = [project.leadId, ...project.partnerIds, project.stewardId];
  return (
    <fieldset className="plan-part">
      <legend>
        {t('stewarding:plan.part', { number: n + 1 })}
        {title === '' ? null : (
          <>
            {' – '}
            <bdi>{title}</bdi>
          </>
        )}
      </legend>
      <input type="hidden" name={`${top}.milestoneId`} value={named(values, `${top}.milestoneId`)} />
      <Field name={`${top}.title`} label={t('stewarding:plan.name')} required visibility="public" state={filled} />
      <div className="plan-row">
        <Field
          name={`${top}.share`}
          label={t('stewarding:plan.share')}
          hint={t('stewarding:plan.shareHint')}
          inputMode="numeric"
          size={5}
          required
          state={filled}
        />
        <Field name={`${top}.dueOn`} type="date" label={t('projects:column.due')} required state={filled} />
        <Field
          name={`${top}.responsibleId`}
          label={t('projects:column.responsible')}
          required
          state={filled}
          options={options.filter(({ value }) => parties.includes(value))}
        />
      </div>
      <CriteriaFields top={top} filled={filled} />
      <Choices
        name={`${top}.lineIds`}
        label={t('projects:serves')}
        several
        required
        state={filled}
        options={project.lines.map(({ lineId, title: label }) => ({ value: lineId, label: <bdi>{label}</bdi> }))}
      />
      <SignerFields top={top} filled={filled} options={options.filter(({ value }) => value !== project.leadId)} />
      <Choices
        name={`${top}.remove`}
        label={t('stewarding:plan.remove')}
        several
        state={filled}
        options={[{ value: 'yes', label: t('stewarding:plan.removeYes') }]}
      />
    </fieldset>
  );
}

interface RowsProps {
  readonly top: string;
  readonly filled: FormState;
}

function CriteriaFields({ top, filled }: RowsProps) {
  const t = useT();
  const { values } = filled;
  return (
    <FieldSet legend={t('projects:criteria.title')}>
      <p className="hint">{t('stewarding:plan.criteriaHint')}</p>
      {rowsOf(values, top, 'criteria.#.criterion', { min: 2, max: CRITERIA_MAX }).map((m) => (
        <div className="plan-row" key={m}>
          <Field
            name={`${top}.criteria.${m}.criterion`}
            label={t('stewarding:plan.criterion', { number: m + 1 })}
            required={m === 0}
            state={filled}
          />
          <Field
            name={`${top}.criteria.${m}.quantity`}
            label={t('projects:criteria.quantity')}
            inputMode="numeric"
            size={8}
            required={m === 0}
            state={filled}
          />
          <Field
            name={`${top}.criteria.${m}.unit`}
            label={t('projects:criteria.unit')}
            size={12}
            required={m === 0}
            state={filled}
          />
        </div>
      ))}
    </FieldSet>
  );
}

function SignerFields({ top, filled, options }: RowsProps & { readonly options: readonly Choosable[] }) {
  const t = useT();
  const { values } = filled;
  return (
    <FieldSet legend={t('projects:signers.title')}>
      <p className="hint">{t('stewarding:plan.signersHint')}</p>
      {rowsOf(values, top, 'signers.#.organisationId', { min: 4, max: SIGNERS_MAX }).map((m) => (
        <div className="plan-row" key={m}>
          <Field
            name={`${top}.signers.${m}.role`}
            label={t('stewarding:plan.signer', { number: m + 1 })}
            required={m === 0}
            state={filled}
            options={ROLES.map((value) => ({ value, label: t(`projects:role.${value}`) }))}
          />
          <Field
            name={`${top}.signers.${m}.organisationId`}
            label={t('projects:column.organisation')}
            required={m === 0}
            state={filled}
            options={options}
          />
        </div>
      ))}
    </FieldSet>
  );
}

function Frozen({ top, values }: { top: string; values: Values }) {
  const t = useT();
  return (
    <div className="notice">
      <p className="notice-title">
        <bdi>{named(values, `${top}.title`)}</bdi>
      </p>
      <p>{t('stewarding:plan.frozen')}</p>
      <Kept values={values} start={`${top}.`} />
    </div>
  );
}

/** Values that go along unseen. */
export function Kept({ values, start }: { values: Values; start: string }) {
  return Object.entries(values)
    .filter(([name]) => name.startsWith(start))
    .flatMap(([name, given]) =>
      given.map((value, index) => <input key={`${name}-${index}`} type="hidden" name={name} value={value} />),
    );
}
