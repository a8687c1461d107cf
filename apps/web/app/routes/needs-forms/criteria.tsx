import { redirect, useActionData, useLoaderData, type ActionFunctionArgs, type LoaderFunctionArgs } from 'react-router';
import { Field, FieldSet } from '../../components/index.js';
import { useT } from '../../facts.js';
import type { FormState } from '../../form-state.js';
import { act } from '../../server/act.server.js';
import { loadSignedIn } from '../../server/load.server.js';
import { wholeOf } from './amount-text.js';
import { needOf, needPath, ownNeed, type Need } from './own-need.server.js';
import { TopicPage } from './topic-page.js';

const ROWS_MAX = 10;
const rows = Array.from({ length: ROWS_MAX }, (_, index) => index);

function valuesOf({ criteria }: Need): Record<string, string> {
  const values: Record<string, string> = {};
  for (const index of rows) {
    const one = criteria[index];
    values[`criteria.${index}.title`] = one?.title ?? '';
    values[`criteria.${index}.weight`] = one === undefined ? '' : String(one.weight);
  }
  return values;
}

/** The draft. */
export const loader = (args: LoaderFunctionArgs) => loadSignedIn(args, (visit) => ownNeed(visit, args.params, 'draft'));

/** Saves the criteria; rows without a name and a weight are left out. */
export async function action(args: ActionFunctionArgs) {
  let sent: number[] = [];
  return act(
    args,
    async ({ visit, text, sending }) => {
      const { need } = await ownNeed(visit, args.params, 'draft');
      const given = rows.map((index) => ({
        id: text(`criteria.${index}.id`),
        title: text(`criteria.${index}.title`),
        weight: text(`criteria.${index}.weight`),
      }));
      sent = rows.filter((index) => given[index]?.title !== undefined || given[index]?.weight !== undefined);
      const criteria = sent.map((index) => {
        const { id, title = '', weight } = given[index] ?? {};
        return {
          ...(id === undefined ? {} : { criterionId: id }),
          title,
          ...(weight === undefined ? {} : { weight: wholeOf(weight) }),
        };
      });
      await visit.api.patch(needPath(args.params), { body: { criteria }, ...sending });
      return redirect(visit.href(`/needs/${need.id}/edit`));
    },
    {
      fieldOf: (pointer) => {
        const [, , at, field = 'title'] = pointer.split('/');
        return `criteria.${sent[Number(at)] ?? 0}.${field}`;
      },
      current: async (visit) => {
        const { need, etag } = await needOf(visit, args.params);
        return { values: valuesOf(need), etag };
      },
    },
  );
}

/** By what proposals are judged; the weights sum to 100 (R24) before the need can be submitted. */
export default function Criteria() {
  const t = useT();
  const { need, etag } = useLoaderData<typeof loader>();
  const state = useActionData() as FormState | undefined;
  const values = valuesOf(need);
  const labels: Record<string, string> = {};
  for (const index of rows) {
    labels[`criteria.${index}.title`] = `${t('needs-forms:criterion', { number: index + 1 })}: ${t('needs-forms:field.criterion')}`;
    labels[`criteria.${index}.weight`] = `${t('needs-forms:criterion', { number: index + 1 })}: ${t('needs-forms:field.weight')}`;
  }
  const typedRows = rows.filter((index) => state?.values[`criteria.${index}.title`]?.[0]);
  const shown = Math.min(ROWS_MAX, Math.max(5, need.criteria.length + 1, (typedRows.at(-1) ?? 0) + 2));
  return (
    <TopicPage need={need} etag={etag} topic="criteria" state={state} labels={labels}>
      {rows.slice(0, shown).map((index) => (
        <FieldSet key={index} legend={t('needs-forms:criterion', { number: index + 1 })}>
          <input type="hidden" name={`criteria.${index}.id`} value={need.criteria[index]?.criterionId ?? ''} />
          <Field
            name={`criteria.${index}.title`}
            label={t('needs-forms:field.criterion')}
            required={index === 0}
            state={state}
            defaultValue={values[`criteria.${index}.title`] ?? ''}
            size={40}
          />
          <Field
            name={`criteria.${index}.weight`}
            label={t('needs-forms:field.weight')}
            required={index === 0}
            state={state}
            defaultValue={values[`criteria.${index}.weight`] ?? ''}
            inputMode="numeric"
            size={4}
          />
        </FieldSet>
      ))}
    </TopicPage>
  );
}
