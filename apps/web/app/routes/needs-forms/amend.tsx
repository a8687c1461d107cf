import { redirect, useActionData, useLoaderData, type ActionFunctionArgs, type LoaderFunctionArgs } from 'react-router';
import { Choices, Field, FieldSet, Notice, Page, PostForm } from '../../components/index.js';
import { useFacts, useT } from '../../facts.js';
import type { FormState } from '../../form-state.js';
import { act } from '../../server/act.server.js';
import { loadSignedIn } from '../../server/load.server.js';
import { amendmentOf, amendValues } from './amendment.js';
import { isMoney } from './amount-text.js';
import { mayBind } from './may.js';
import { needOf, needPath, ownNeed, type Need } from './own-need.server.js';
import { ReasonField } from './reason.js';

/** The published need. */
export const loader = (args: LoaderFunctionArgs) => loadSignedIn(args, (visit) => ownNeed(visit, args.params, 'published'));

/** Amends it: only what was changed is sent. */
export async function action(args: ActionFunctionArgs) {
  let known = 0;
  return act(
    args,
    async ({ visit, text, sending }) => {
      const { need } = await ownNeed(visit, args.params, 'published');
      known = need.lines.length;
      const body = { reason: { code: 'amended', text: text('reason') ?? '' }, ...amendmentOf(need, text) };
      await visit.api.post(`${needPath(args.params)}/amend`, { body, ...sending });
      return redirect(visit.href(needPath(args.params)));
    },
    {
      fieldOf: (pointer) => {
        const [, field = '', at = '', part = 'target'] = pointer.split('/');
        if (field !== 'lines') return field;
        return Number(at) < known ? `lines.${at}.${part}` : `new.${part}`;
      },
      fieldOfCode: { dates_out_of_order: 'intakeClosesAt', line_fixed: 'lines.0.target', nothing_changed: 'title' },
      current: async (visit) => {
        const { need, etag } = await needOf(visit, args.params);
        return { values: amendValues(need), etag };
      },
    },
  );
}

/** What may change after publication: words, dates, higher targets, lower minimums, more lines. */
export default function Amend() {
  const t = useT();
  const { reader } = useFacts();
  const { need, etag } = useLoaderData<typeof loader>();
  const state = useActionData() as FormState | undefined;
  const values = amendValues(need);
  const labels: Record<string, string> = Object.fromEntries(
    ['title', 'summary', 'intakeClosesAt', 'validUntil'].map((name) => [name, t(`needs-forms:field.${name}`)]),
  );
  need.lines.forEach((line, index) => {
    labels[`lines.${index}.target`] = `${line.title}: ${t(`needs-forms:quantity.${line.kind}`)}`;
    labels[`lines.${index}.minimum`] = `${line.title}: ${t('needs-forms:field.minimum')}`;
  });
  const field = (name: string) => ({ name, label: labels[name], state, defaultValue: values[name] ?? '' });
  return (
    <Page
      title={t('needs-forms:amend.title')}
      over={<bdi>{need.title}</bdi>}
      lead={t('needs-forms:amend.lead')}
      crumbs={[
        { to: '/needs', label: t('needs:list.title') },
        { to: `/needs/${need.id}`, label: need.title },
      ]}
      state={state}
    >
      {mayBind(reader?.acting, 'approver') ? (
        <PostForm state={state} etag={etag} submit={t('needs-forms:amend.submit')} labels={labels}>
          <Field {...field('title')} required size={60} />
          <Field {...field('summary')} required rows={8} prose />
          <Field {...field('intakeClosesAt')} type="date" required />
          <Field {...field('validUntil')} type="date" required />
          <LineFields need={need} state={state} values={values} />
          <NewLine state={state} />
          <ReasonField state={state} />
        </PostForm>
      ) : (
        <Notice>{t('needs-forms:approversOnly')}</Notice>
      )}
    </Page>
  );
}

function LineFields({
  need,
  state,
  values,
}: {
  need: Need;
  state: FormState | undefined;
  values: Readonly<Record<string, string>>;
}) {
  const t = useT();
  return need.lines.map(({ lineId, title, kind, unit }, index) => (
    <FieldSet key={lineId} legend={<bdi>{isMoney(unit) ? `${title} (${unit})` : title}</bdi>}>
      {(['target', 'minimum'] as const).map((name) => (
        <Field
          key={name}
          name={`lines.${index}.${name}`}
          label={name === 'target' ? t(`needs-forms:quantity.${kind}`) : t('needs-forms:field.minimum')}
          required={name === 'target'}
          state={state}
          defaultValue={values[`lines.${index}.${name}`] ?? ''}
          inputMode="decimal"
          size={16}
        />
      ))}
    </FieldSet>
  ));
}

function NewLine({ state }: { state: FormState | undefined }) {
  const t = useT();
  return (
    <details open={state?.values['new.title']?.[0] ? true : undefined}>
      <summary>{t('needs-forms:lines.add')}</summary>
      <Field
        name="new.kind"
        label={t('needs-forms:field.kind')}
        state={state}
        options={['funding', 'expertise', 'in_kind', 'data'].map((value) => ({ value, label: t(`words:lineKind.${value}`) }))}
      />
      <Field name="new.title" label={t('needs-forms:field.lineTitle')} state={state} size={50} />
      <Field
        name="new.unit"
        label={t('needs-forms:field.currency')}
        hint={t('needs-forms:hint.currency')}
        state={state}
        defaultValue="USD"
        size={5}
      />
      <Field name="new.target" label={t('needs-forms:field.target')} state={state} inputMode="decimal" size={16} />
      <Field
        name="new.minimum"
        label={t('needs-forms:field.minimum')}
        hint={t('needs-forms:hint.minimum')}
        state={state}
        inputMode="decimal"
        size={16}
      />
      <Choices
        name="new.recipient"
        label={t('needs-forms:field.recipient')}
        state={state}
        defaultValues={['lead']}
        options={['lead', 'owner'].map((value) => ({ value, label: t(`needs-forms:recipient.${value}`) }))}
      />
    </details>
  );
}
