import { redirect, useActionData, useLoaderData, type ActionFunctionArgs, type LoaderFunctionArgs } from 'react-router';
import { Field, Quantity } from '../../components/index.js';
import { useFacts, useT } from '../../facts.js';
import type { FormState } from '../../form-state.js';
import { act, type Sent } from '../../server/act.server.js';
import { absent, loadSignedIn } from '../../server/load.server.js';
import { boardOf, businessNow, namesFor, parameter } from '../projects/board.js';
import { DELIVERED_FIELDS, deliveredField, deliveredOf, filledRows, type Delivery } from './delivery-body.js';
import { DeliveryFields } from './delivery-fields.js';
import { DELIVERY_STEPS, deliveryStepsFor } from './delivery-steps.js';
import { MORE_ROWS } from './log-rows.js';
import { withMoreRows } from './log-rows.server.js';
import { sentQuantity, typedIn } from './money.js';
import { after, ReasonFields, reasonOf, StepPage } from './step-page.js';

/** The delivery and its project. */
export const loader = (args: LoaderFunctionArgs) =>
  loadSignedIn(args, async (visit) => {
    const name = args.params['step'] ?? '';
    const step = DELIVERY_STEPS[name];
    if (!step) throw absent(visit);
    const [now, { board }, { body: delivery }] = await Promise.all([
      businessNow(visit),
      boardOf(visit, parameter(args, 'id')),
      visit.api.get<Delivery>(`/deliveries/${parameter(args, 'did')}`),
    ]);
    const { id, title } = board.project;
    if (delivery.projectId !== id) throw absent(visit);
    const names = await namesFor(visit, board, [delivery.organisationId, delivery.recipientId]);
    return { project: { id, title }, delivery, names, name, who: [...step.who(delivery)], today: now.slice(0, 10) };
  });

function acknowledged({ unit, kind }: Delivery, sent: Sent): Record<string, unknown> {
  const { text } = sent;
  const rejected = sentQuantity(unit, text('rejected'));
  return {
    accepted: sentQuantity(unit, text('accepted')),
    ...(rejected === undefined || rejected === 0 ? {} : { rejected: [{ quantity: rejected, reason: reasonOf(sent) }] }),
    ...(kind === 'data' ? { sha256: text('sha256')?.toLowerCase() } : {}),
    place: text('place'),
  };
}

/** Takes the step. */
export function action(args: ActionFunctionArgs) {
  let rows: readonly number[] = [];
  return act(
    args,
    async (sent) => {
      const { visit, sending } = sent;
      const [id, did, name] = [parameter(args, 'id'), parameter(args, 'did'), args.params['step'] ?? ''];
      if (!DELIVERY_STEPS[name]) throw absent(visit);
      const more = withMoreRows(sent);
      if (more) return more;
      const { body: delivery } = await visit.api.get<Delivery>(`/deliveries/${did}`);
      rows = filledRows(sent);
      const body =
        name === 'acknowledge'
          ? acknowledged(delivery, sent)
          : { reason: reasonOf(sent), ...(name === 'correct' ? deliveredOf(delivery.kind, delivery.unit, sent) : {}) };
      const { body: changed } = await visit.api.post<Delivery>(`/deliveries/${did}/${name}`, { body, ...sending });
      return redirect(
        visit.href(after(`/projects/${id}/deliveries/${did}`, `deliveries.${name}`, changed.pendingApproval !== undefined)),
      );
    },
    {
      fieldOf: (pointer) =>
        pointer.startsWith('/rejected/0/reason/')
          ? pointer.slice('/rejected/0/'.length).replace('/', '.')
          : pointer.startsWith('/rejected')
            ? 'rejected'
            : deliveredField(pointer, rows),
      fieldOfCode: { ...DELIVERED_FIELDS, quantity_mismatch: 'accepted' },
    },
  );
}

/** One step on a delivery. */
export default function DeliveryStepPage() {
  const t = useT();
  const { reader } = useFacts();
  const typed = useActionData() as FormState | undefined;
  const state = typed?.code === MORE_ROWS ? undefined : typed;
  const { project, delivery, names, name, who, today } = useLoaderData<typeof loader>();
  const { id, kind, unit, quantity, status, organisationId, recipientId, evidence, pendingApproval } = delivery;
  const then: Readonly<Record<string, readonly string[]>> = {
    dispute: [organisationId],
    correct: [recipientId],
    reverse: pendingApproval === undefined ? who.filter((one) => one !== reader?.acting?.id) : [],
  };
  return (
    <StepPage
      project={project}
      step={`deliveries.${name}`}
      state={state}
      who={who}
      then={then[name] ?? []}
      names={names}
      allowed={deliveryStepsFor(delivery, reader?.acting).includes(name)}
      notNow={DELIVERY_STEPS[name]?.from.includes(status) ? undefined : { kind: 'delivery', state: status }}
      pending={name === 'reverse' ? pendingApproval : undefined}
      crumbs={[
        { to: `/projects/${project.id}/deliveries`, label: t('stewarding:deliveries.title') },
        { to: `/projects/${project.id}/deliveries/${id}`, label: t('stewarding:deliveries.one') },
      ]}
      before={
        <p>
          {t('stewarding:deliveries.quantity')} <Quantity value={quantity} unit={unit} />
        </p>
      }
    >
      {name === 'acknowledge' ? (
        <AcknowledgeFields kind={kind} unit={unit} quantity={quantity} state={state} />
      ) : (
        <>
          {name === 'correct' ? <DeliveryFields kind={kind} unit={unit} state={typed} recorded={evidence} today={today} /> : null}
          <ReasonFields state={typed} />
        </>
      )}
    </StepPage>
  );
}

interface AcknowledgeProps extends Pick<Delivery, 'kind' | 'unit' | 'quantity'> {
  readonly state: FormState | undefined;
}

function AcknowledgeFields({ kind, unit, quantity, state }: AcknowledgeProps) {
  const t = useT();
  return (
    <>
      <Field
        name="accepted"
        label={t('stewarding:field.accepted')}
        inputMode="decimal"
        size={14}
        required
        visibility="public"
        state={state}
        defaultValue={typedIn(unit, quantity)}
      />
      {kind === 'data' ? (
        <Field
          name="sha256"
          label={t('stewarding:field.ownChecksum')}
          hint={t('stewarding:field.checksumHint')}
          required
          visibility="private"
          state={state}
        />
      ) : null}
      <Field name="place" label={t('stewarding:field.place')} visibility="private" state={state} />
      <h2>{t('stewarding:deliveries.rejected')}</h2>
      <p className="hint">{t('stewarding:field.rejectedHint')}</p>
      <Field
        name="rejected"
        label={t('stewarding:field.rejected')}
        inputMode="decimal"
        size={14}
        visibility="public"
        state={state}
      />
      <ReasonFields state={state} optional />
    </>
  );
}
