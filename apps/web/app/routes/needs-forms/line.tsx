import { redirect, useActionData, useLoaderData, type ActionFunctionArgs, type LoaderFunctionArgs } from 'react-router';
import { Choices, Field, PostForm } from '../../components/index.js';
import { useT } from '../../facts.js';
import type { FormFault, FormState } from '../../form-state.js';
import { act, invalidForm } from '../../server/act.server.js';
import { absent, loadSignedIn } from '../../server/load.server.js';
import { fieldAmount, quantityOf } from './amount-text.js';
import { needOf, needPath, ownNeed, type Need } from './own-need.server.js';
import { TopicPage } from './topic-page.js';

type Line = Need['lines'][number];
type Kind = Line['kind'];

const UNITS: Readonly<Record<Kind, string>> = { funding: 'USD', expertise: 'hour', in_kind: 'item', data: 'dataset' };
const UNIT = /^(?:[A-Z]{3}|hour|item|dataset)$/u;
const isKind = (value: string | null | undefined): value is Kind => value !== null && value !== undefined && value in UNITS;

const valuesOf = ({ title, unit, target, minimum, recipient }: Line) => ({
  title,
  unit,
  target: fieldAmount(target, unit),
  minimum: minimum === undefined ? '' : fieldAmount(minimum, unit),
  recipient: recipient as string,
});

/** The draft, and the line of the address: one of its own, or a new one of the kind asked for. */
export const loader = (args: LoaderFunctionArgs) =>
  loadSignedIn(args, async (visit) => {
    const { need, etag } = await ownNeed(visit, args.params, 'draft');
    const line = need.lines.find(({ lineId }) => lineId === args.params['line']);
    const asked = visit.url.searchParams.get('kind');
    const kind = line?.kind ?? (args.params['line'] === 'new' && isKind(asked) ? asked : undefined);
    if (kind === undefined) throw absent(visit);
    return { need, etag, kind, line };
  });

/** Saves the line, or takes it out: the list is sent whole, for the version it was read from. */
export async function action(args: ActionFunctionArgs) {
  // Where this line stands in the list that is sent: the API's pointers name it.
  let index = 0;
  return act(
    args,
    async (sent) => {
      const { visit, text, sending } = sent;
      const { need } = await ownNeed(visit, args.params, 'draft');
      const found = need.lines.findIndex(({ lineId }) => lineId === args.params['line']);
      index = found < 0 ? need.lines.length : found;
      const asked = text('kind');
      const kind = need.lines[found]?.kind ?? (isKind(asked) ? asked : 'funding');
      const unit = kind === 'funding' ? (text('unit') ?? '').toUpperCase() : UNITS[kind];
      const given = { target: text('target'), minimum: text('minimum') };
      const line = {
        ...(found < 0 ? {} : { lineId: need.lines[found]?.lineId }),
        kind,
        title: text('title') ?? '',
        unit,
        target: given.target === undefined ? undefined : quantityOf(given.target, unit),
        ...(given.minimum === undefined ? {} : { minimum: quantityOf(given.minimum, unit) }),
        recipient: text('recipient'),
      };
      const faults: FormFault[] = (['title', 'target', 'recipient'] as const)
        .filter((field) => text(field) === undefined)
        .map((field) => ({ field, text: visit.t('faults:required') }));
      if (!UNIT.test(unit)) faults.push({ field: 'unit', text: visit.t('needs-forms:fault.currency') });
      if ((line.minimum ?? 0) > (line.target ?? Infinity))
        faults.push({ field: 'minimum', text: visit.t('needs-forms:fault.minimum') });
      if (faults.length > 0 && text('step') !== 'remove') return invalidForm(sent, faults);
      const others = need.lines.filter((_, at) => at !== found);
      const lines = text('step') === 'remove' ? others : [...need.lines.slice(0, index), line, ...need.lines.slice(index + 1)];
      await visit.api.patch(needPath(args.params), { body: { lines }, ...sending });
      return redirect(visit.href(`/needs/${need.id}/edit/lines`));
    },
    {
      fieldOf: (pointer) => {
        const [, list, at, field] = pointer.split('/');
        return list === 'lines' && at === String(index) ? field : undefined;
      },
      current: async (visit) => {
        const { need, etag } = await needOf(visit, args.params);
        const line = need.lines.find(({ lineId }) => lineId === args.params['line']);
        return { values: line ? valuesOf(line) : {}, etag };
      },
    },
  );
}

/** One line: how much of what, from what quantity on a project may start, and who receives it. */
export default function LinePage() {
  const t = useT();
  const { need, etag, kind, line } = useLoaderData<typeof loader>();
  const state = useActionData() as FormState | undefined;
  const values = line ? valuesOf(line) : { title: '', unit: UNITS[kind], target: '', minimum: '', recipient: 'lead' };
  const labels = {
    title: t('needs-forms:field.lineTitle'),
    unit: t('needs-forms:field.currency'),
    target: t(`needs-forms:quantity.${kind}`),
    minimum: t('needs-forms:field.minimum'),
    recipient: t('needs-forms:field.recipient'),
  };
  return (
    <>
      <TopicPage
        need={need}
        etag={etag}
        topic="lines"
        state={state}
        labels={labels}
        heading={t(`needs-forms:lines.${line ? 'one' : 'new'}.${kind}`)}
      >
        <input type="hidden" name="kind" value={kind} />
        <Field
          name="title"
          label={labels.title}
          hint={t(`needs-forms:lineHint.${kind}`)}
          required
          state={state}
          defaultValue={values.title}
          size={50}
        />
        {kind === 'funding' ? (
          <Field
            name="unit"
            label={labels.unit}
            hint={t('needs-forms:hint.currency')}
            required
            state={state}
            defaultValue={values.unit}
            size={5}
          />
        ) : null}
        <Field
          name="target"
          label={labels.target}
          required
          state={state}
          defaultValue={values.target}
          inputMode={kind === 'funding' ? 'decimal' : 'numeric'}
          size={16}
        />
        <Field
          name="minimum"
          label={labels.minimum}
          hint={t('needs-forms:hint.minimum')}
          state={state}
          defaultValue={values.minimum}
          inputMode={kind === 'funding' ? 'decimal' : 'numeric'}
          size={16}
        />
        <Choices
          name="recipient"
          label={labels.recipient}
          hint={t('needs-forms:hint.recipient')}
          required
          state={state}
          defaultValues={[values.recipient]}
          options={['lead', 'owner'].map((value) => ({ value, label: t(`needs-forms:recipient.${value}`) }))}
        />
      </TopicPage>
      {line ? (
        <PostForm etag={etag}>
          <input type="hidden" name="step" value="remove" />
          <p>
            <button type="submit" className="quiet">
              {t('needs-forms:lines.remove')}
            </button>
          </p>
        </PostForm>
      ) : null}
    </>
  );
}
