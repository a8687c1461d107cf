import { redirect, useActionData, useLoaderData, type ActionFunctionArgs, type LoaderFunctionArgs } from 'react-router';
import { useFacts, useT } from '../../facts.js';
import type { FormState } from '../../form-state.js';
import { act } from '../../server/act.server.js';
import { absent, loadSignedIn } from '../../server/load.server.js';
import { boardOf, businessNow, namesFor, parameter } from '../projects/board.js';
import type { Pledge } from '../projects/budget-rows.js';
import { DELIVERED_FIELDS, deliveredField, deliveredOf, filledRows, type Delivery } from './delivery-body.js';
import { DeliveryFields } from './delivery-fields.js';
import { Left } from './left.js';
import { MORE_ROWS } from './log-rows.js';
import { withMoreRows } from './log-rows.server.js';
import { may } from './may.js';
import { after, StepPage } from './step-page.js';

/** The commitment that is delivered on. */
export const loader = (args: LoaderFunctionArgs) =>
  loadSignedIn(args, async (visit) => {
    const [now, { board }, { body: pledge }] = await Promise.all([
      businessNow(visit),
      boardOf(visit, parameter(args, 'id')),
      visit.api.get<Pledge>(`/pledges/${parameter(args, 'pledge')}`),
    ]);
    const { id, title } = board.project;
    if (pledge.projectId !== id) throw absent(visit);
    const names = await namesFor(visit, board, [pledge.organisationId, ...(pledge.recipientId ? [pledge.recipientId] : [])]);
    return { project: { id, title }, pledge, names, today: now.slice(0, 10) };
  });

/** Records it. */
export function action(args: ActionFunctionArgs) {
  let rows: readonly number[] = [];
  return act(
    args,
    async (sent) => {
      const { visit, sending } = sent;
      const more = withMoreRows(sent);
      if (more) return more;
      const pledgeId = parameter(args, 'pledge');
      const { body: pledge } = await visit.api.get<Pledge>(`/pledges/${pledgeId}`);
      rows = filledRows(sent);
      const body = { pledgeId, ...deliveredOf(pledge.kind, pledge.unit, sent) };
      const { body: recorded } = await visit.api.post<Delivery>('/deliveries', { body, ...sending });
      return redirect(visit.href(after(`/projects/${parameter(args, 'id')}/deliveries/${recorded.id}`, 'deliveries.record')));
    },
    { fieldOf: (pointer) => deliveredField(pointer, rows), fieldOfCode: DELIVERED_FIELDS },
  );
}

/** Records what was delivered on a commitment. */
export default function RecordDelivery() {
  const t = useT();
  const { reader } = useFacts();
  const typed = useActionData() as FormState | undefined;
  const state = typed?.code === MORE_ROWS ? undefined : typed;
  const { project, pledge, names, today } = useLoaderData<typeof loader>();
  const { kind, unit, organisationId, recipientId, status } = pledge;
  const open = status === 'confirmed' || status === 'partly_delivered';
  return (
    <StepPage
      project={project}
      step="deliveries.record"
      state={state}
      who={[organisationId]}
      then={recipientId === undefined ? [] : [recipientId]}
      names={names}
      allowed={open && may(reader?.acting, kind === 'expertise' ? 'field' : 'editor', [organisationId])}
      notNow={open ? undefined : { kind: 'pledge', state: status }}
      crumbs={[{ to: `/projects/${project.id}/deliveries`, label: t('stewarding:deliveries.title') }]}
      before={
        <p>
          <Left pledge={pledge} />
        </p>
      }
    >
      <DeliveryFields kind={kind} unit={unit} state={typed} today={today} />
    </StepPage>
  );
}
