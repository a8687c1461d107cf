import { redirect, useActionData, useLoaderData, type ActionFunctionArgs, type LoaderFunctionArgs } from 'react-router';
import { Choices, Field, Notice, Page, PostForm, StateBadge } from '../../components/index.js';
import { useFacts, useT } from '../../facts.js';
import type { FormState } from '../../form-state.js';
import { act, invalidForm, type Sent } from '../../server/act.server.js';
import { absent, loadSignedIn } from '../../server/load.server.js';
import { may, mayBind } from './may.js';
import { needPath, ownNeed, type Need } from './own-need.server.js';
import { ReasonField } from './reason.js';
import { STEPS, type Step } from './steps.js';
import { dayOf, endOfDay } from './topics.js';

const isStep = (name: string | undefined): name is Step => name !== undefined && Object.hasOwn(STEPS, name);

/** The need, for a step its state allows. */
export const loader = (args: LoaderFunctionArgs) =>
  loadSignedIn(args, async (visit) => {
    const step = args.params['step'];
    if (!isStep(step)) throw absent(visit);
    return { step, ...(await ownNeed(visit, args.params, ...STEPS[step].from)) };
  });

/** What the step sends; faults of its own where a date is missing. */
function bodyOf(step: Step, { text }: Sent, need: Need): Record<string, unknown> {
  const reason = { code: STEPS[step].code, text: text('reason') ?? '' };
  switch (step) {
    case 'close-intake':
      return {};
    case 'extend': {
      const validUntil = endOfDay(text('validUntil'), need.validUntil);
      return { reason, intakeClosesAt: endOfDay(text('intakeClosesAt')), ...(validUntil === undefined ? {} : { validUntil }) };
    }
    case 'close':
      return { reason: { ...reason, code: text('outcome') ?? reason.code }, outcome: text('outcome') };
    case 'withdraw':
    case 'return':
      return { reason };
  }
}

/** Takes the step. */
export const action = (args: ActionFunctionArgs) =>
  act(
    args,
    async (sent) => {
      const { visit, text, sending } = sent;
      const step = args.params['step'];
      if (!isStep(step)) throw absent(visit);
      const { need } = await ownNeed(visit, args.params, ...STEPS[step].from);
      if (step === 'extend' && text('intakeClosesAt') === undefined)
        return invalidForm(
          sent,
          ['intakeClosesAt', 'reason']
            .filter((field) => text(field) === undefined)
            .map((field) => ({ field, text: visit.t('faults:required') })),
        );
      await visit.api.post(`${needPath(args.params)}/${step}`, { body: bodyOf(step, sent, need), ...sending });
      return redirect(visit.href(needPath(args.params)));
    },
    {
      fieldOf: (pointer) => pointer.split('/')[1],
      fieldOfCode: { dates_out_of_order: 'intakeClosesAt' },
    },
  );

/** A step of the owner with what it means, its reason and its button. */
export default function StepPage() {
  const t = useT();
  const { reader } = useFacts();
  const { step, need, etag } = useLoaderData<typeof loader>();
  const state = useActionData() as FormState | undefined;
  // A draft may be taken back by an organisation that is not verified.
  const permitted = (need.status === 'draft' ? may : mayBind)(reader?.acting, 'approver');
  return (
    <Page
      title={t(`needs-forms:step.${step}.title`)}
      lead={t(`needs-forms:step.${step}.lead`)}
      over={
        <>
          <bdi>{need.title}</bdi> · <StateBadge kind="need" state={need.status} />
        </>
      }
      crumbs={[
        { to: '/needs', label: t('needs:list.title') },
        { to: `/needs/${need.id}`, label: need.title },
      ]}
      state={state}
    >
      {permitted ? (
        <PostForm state={state} etag={etag} submit={t(`needs-forms:step.${step}.submit`)}>
          {step === 'extend' ? <NewDates need={need} state={state} /> : null}
          {step === 'close' ? (
            <Choices
              name="outcome"
              label={t('needs-forms:field.outcome')}
              required
              state={state}
              options={['no_candidate', 'cancelled'].map((value) => ({ value, label: t(`needs-forms:outcome.${value}`) }))}
            />
          ) : null}
          {step === 'close-intake' ? null : <ReasonField state={state} />}
        </PostForm>
      ) : (
        <Notice>{t('needs-forms:approversOnly')}</Notice>
      )}
    </Page>
  );
}

function NewDates({ need, state }: { need: Need; state: FormState | undefined }) {
  const t = useT();
  return (
    <>
      <Field
        name="intakeClosesAt"
        label={t('needs-forms:field.intakeClosesAt')}
        hint={t('needs-forms:hint.intakeClosesAt')}
        type="date"
        required
        state={state}
      />
      <Field
        name="validUntil"
        label={t('needs-forms:field.validUntil')}
        hint={t('needs-forms:hint.validUntil')}
        type="date"
        state={state}
        defaultValue={dayOf(need.validUntil)}
      />
    </>
  );
}
