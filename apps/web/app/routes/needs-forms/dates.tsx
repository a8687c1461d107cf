import { redirect, useActionData, useLoaderData, type ActionFunctionArgs, type LoaderFunctionArgs } from 'react-router';
import { Field } from '../../components/index.js';
import { useT } from '../../facts.js';
import type { FormState } from '../../form-state.js';
import { act, invalidForm } from '../../server/act.server.js';
import { loadSignedIn } from '../../server/load.server.js';
import { needOf, needPath, ownNeed, type Need } from './own-need.server.js';
import { TopicPage } from './topic-page.js';
import { dayOf, endOfDay } from './topics.js';

const FIELDS = ['intakeClosesAt', 'validUntil'] as const;
const valuesOf = (need: Need) => ({ intakeClosesAt: dayOf(need.intakeClosesAt), validUntil: dayOf(need.validUntil) });

/** The draft. */
export const loader = (args: LoaderFunctionArgs) => loadSignedIn(args, (visit) => ownNeed(visit, args.params, 'draft'));

/** Saves the dates; a date that is given cannot be taken away, only changed. */
export const action = (args: ActionFunctionArgs) =>
  act(
    args,
    async (sent) => {
      const { visit, text, sending } = sent;
      const { need } = await ownNeed(visit, args.params, 'draft');
      const missing = FIELDS.filter((name) => text(name) === undefined);
      if (missing.length > 0)
        return invalidForm(
          sent,
          missing.map((field) => ({ field, text: visit.t('faults:required') })),
        );
      const body = Object.fromEntries(FIELDS.map((name) => [name, endOfDay(text(name), need[name])]));
      await visit.api.patch(needPath(args.params), { body, ...sending });
      return redirect(visit.href(`/needs/${need.id}/edit`));
    },
    {
      current: async (visit) => {
        const { need, etag } = await needOf(visit, args.params);
        return { values: valuesOf(need), etag };
      },
    },
  );

/** Until when proposals are taken, and until when the need is valid. */
export default function Dates() {
  const t = useT();
  const { need, etag } = useLoaderData<typeof loader>();
  const state = useActionData() as FormState | undefined;
  const values = valuesOf(need);
  const labels = Object.fromEntries(FIELDS.map((name) => [name, t(`needs-forms:field.${name}`)]));
  return (
    <TopicPage need={need} etag={etag} topic="dates" state={state} labels={labels}>
      {FIELDS.map((name) => (
        <Field
          key={name}
          name={name}
          label={labels[name]}
          hint={t(`needs-forms:hint.${name}`)}
          type="date"
          required
          state={state}
          defaultValue={values[name]}
        />
      ))}
    </TopicPage>
  );
}
