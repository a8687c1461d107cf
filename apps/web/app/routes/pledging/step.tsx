import { redirect, useActionData, useLoaderData, type ActionFunctionArgs, type LoaderFunctionArgs } from 'react-router';
import { Field, Notice, Page, PostForm, StateBadge, When } from '../../components/index.js';
import { useFacts, useHref, useT } from '../../facts.js';
import type { FormState } from '../../form-state.js';
import { act, type Sent } from '../../server/act.server.js';
import { absent, loadSignedIn } from '../../server/load.server.js';
import { fieldAmount, quantityOf } from '../needs-forms/amount-text.js';
import { ReasonField } from '../needs-forms/reason.js';
import { OfferFacts } from './offer-facts.js';
import type { Pledge } from './offer.js';
import { pledgeOf, pledgePath, proposedQuantity } from './own-pledge.server.js';
import { isOpen, isStep, mayTake, STEPS, type Step } from './pledge-steps.js';

/** The pledge, for a step its state allows, to a member of a side that takes it. */
export const loader = (args: LoaderFunctionArgs) =>
  loadSignedIn(args, async (visit) => {
    const step = args.params['step'];
    if (!isStep(step)) throw absent(visit);
    const found = await pledgeOf(visit, args.params);
    if (!STEPS[step].by(found.pledge).includes(visit.acting?.id ?? '')) throw absent(visit);
    if (!isOpen(step, found.pledge)) throw redirect(visit.href(`/pledges/${found.pledge.id}`));
    const pending = found.pledge.pendingApproval?.of === step ? found.pledge.pendingApproval : undefined;
    const proposed = step === 'revise-commitment' && pending ? await proposedQuantity(visit, args.params) : undefined;
    return { step, pending, proposed, ...found };
  });

/** Accept and confirm name the version that was on the page (R26); the others say why. */
function bodyOf(step: Step, { text }: Sent, unit: string): Record<string, unknown> {
  const reason = (code: string) => ({ reason: { code, text: text('reason') ?? '' } });
  switch (step) {
    case 'accept':
    case 'confirm':
      return { hash: text('hash') ?? '' };
    case 'revise-commitment':
      return { quantity: quantityOf(text('quantity') ?? '', unit), ...reason('revised') };
    case 'decline':
      return reason('declined');
    case 'withdraw':
      return reason('withdrawn');
    case 'lapse-remainder':
      return reason('remainder_lapsed');
  }
}

/** Takes the step. */
export const action = (args: ActionFunctionArgs) =>
  act(
    args,
    async (sent) => {
      const { visit, sending } = sent;
      const step = args.params['step'];
      if (!isStep(step)) throw absent(visit);
      const { pledge } = await pledgeOf(visit, args.params);
      await visit.api.post(`${pledgePath(args.params)}/${step}`, { body: bodyOf(step, sent, pledge.unit), ...sending });
      return redirect(visit.href(pledgePath(args.params)));
    },
    { fieldOf: (pointer) => pointer.split('/')[1], fieldOfCode: { below_delivered: 'quantity', line_full: 'quantity' } },
  );

/** One step on a pledge: what it means, the offer it concerns, and the button. */
export default function StepPage() {
  const t = useT();
  const href = useHref();
  const { reader } = useFacts();
  const { step, pledge, etag, line, need, pending, proposed } = useLoaderData<typeof loader>();
  const state = useActionData() as FormState | undefined;
  const waits = step === 'confirm' && need.award?.final !== true;
  return (
    <Page
      title={t(`pledging:step.${step}.title`)}
      over={
        <>
          <bdi>{line.title}</bdi> · <StateBadge kind="pledge" state={pledge.status} />
        </>
      }
      lead={t(`pledging:step.${step}.lead`)}
      crumbs={[
        { to: `/needs/${need.id}`, label: need.title },
        { to: `/pledges/${pledge.id}`, label: t('pledging:one') },
      ]}
      state={state}
    >
      <OfferFacts {...pledge} lineUnit={line.unit} />
      <TwoPerson step={step} pledge={pledge} pending={pending?.at} />
      {waits ? (
        <Notice kind="warning">{t(need.award ? 'pledging:next.final' : 'pledging:next.award')}</Notice>
      ) : mayTake(step, pledge, reader?.acting) ? (
        <PostForm state={state} etag={etag} submit={t(`pledging:step.${step}.submit`)}>
          <StepFields step={step} pledge={pledge} state={state} proposed={proposed} />
        </PostForm>
      ) : (
        <Notice>{t('needs-forms:approversOnly')}</Notice>
      )}
      <p>
        <a href={href(`/pledges/${pledge.id}`)}>{t('pledging:step.back')}</a>
      </p>
    </Page>
  );
}

/** Says who else has to act: a second approver (R23), or the other side (R10). */
function TwoPerson({ step, pledge, pending }: { step: Step; pledge: Pledge; pending: string | undefined }) {
  const t = useT();
  const two = step === 'confirm' && pledge.kind === 'funding';
  const sides = step === 'revise-commitment' || step === 'lapse-remainder';
  if (!two && !sides) return null;
  return (
    <Notice>
      <p>{t(two ? 'pledging:two.person' : 'pledging:two.sides')}</p>
      {pending === undefined ? null : (
        <p>
          {t('pledging:two.first')} <When at={pending} time />
        </p>
      )}
    </Notice>
  );
}

interface StepFieldsProps {
  readonly step: Step;
  readonly pledge: Pledge;
  readonly state: FormState | undefined;
  readonly proposed: number | undefined;
}

function StepFields({ step, pledge, state, proposed }: StepFieldsProps) {
  const t = useT();
  if (step === 'accept' || step === 'confirm')
    return (
      <>
        <input type="hidden" name="hash" value={pledge.hash} />
        <p>
          {t('pledging:step.version')} <code dir="ltr">{pledge.hash.slice(0, 16)}…</code>
        </p>
      </>
    );
  return (
    <>
      {step === 'revise-commitment' ? (
        <Field
          name="quantity"
          label={t('pledging:field.newQuantity')}
          hint={t('pledging:hint.newQuantity', {
            unit: pledge.kind === 'funding' ? pledge.unit : t(`pledging:unit.${pledge.unit}`),
          })}
          required
          inputMode="decimal"
          size={16}
          state={state}
          defaultValue={fieldAmount(proposed ?? pledge.confirmed, pledge.unit)}
        />
      ) : null}
      <ReasonField state={state} />
    </>
  );
}
