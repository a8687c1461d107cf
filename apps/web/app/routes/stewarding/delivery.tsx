import { useLoaderData, type LoaderFunctionArgs } from 'react-router';
import { DataTable, NextStep, numberText, Quantity, StateBadge, When } from '../../components/index.js';
import { useFacts, useHref, useT } from '../../facts.js';
import { absent, loadSignedIn } from '../../server/load.server.js';
import { boardOf, namesFor, parameter, type Names } from '../projects/board.js';
import { Organisation, Organisations, ProjectFrame } from '../projects/frame.js';
import type { Delivery } from './delivery-body.js';
import { deliveryStepsFor } from './delivery-steps.js';

/** A delivery, for those concerned. */
export const loader = (args: LoaderFunctionArgs) =>
  loadSignedIn(args, async (visit) => {
    const [{ board }, { body: delivery }] = await Promise.all([
      boardOf(visit, parameter(args, 'id')),
      visit.api.get<Delivery>(`/deliveries/${parameter(args, 'did')}`),
    ]);
    const { id, title } = board.project;
    if (delivery.projectId !== id) throw absent(visit);
    return {
      project: { id, title },
      delivery,
      names: await namesFor(visit, board, [delivery.organisationId, delivery.recipientId, delivery.ownerId]),
    };
  });

/** One delivery: what was recorded, what was accepted, and who must act. */
export default function DeliveryPage() {
  const t = useT();
  const href = useHref();
  const { reader } = useFacts();
  const { project, delivery, names } = useLoaderData<typeof loader>();
  const { id, status, organisationId, recipientId, pendingApproval } = delivery;
  const steps = deliveryStepsFor(delivery, reader?.acting);
  const path = (step: string) => `/projects/${project.id}/deliveries/${id}/steps/${step}`;
  const due = status === 'recorded' ? 'acknowledge' : status === 'disputed' ? 'correct' : undefined;
  return (
    <ProjectFrame
      project={project}
      title={t('stewarding:deliveries.one')}
      over={<StateBadge kind="delivery" state={status} />}
      crumbs={[{ to: `/projects/${project.id}/deliveries`, label: t('stewarding:deliveries.title') }]}
    >
      <div className="object">
        <div>
          <Quantities delivery={delivery} names={names} />
          <Proof delivery={delivery} />
          <Rejected delivery={delivery} />
        </div>
        <aside>
          {due === undefined ? (
            <NextStep action={t(`stewarding:deliveries.end.${status}`)} who={t('projects:nobody')} />
          ) : (
            <NextStep
              action={t(`stewarding:do.deliveries.${due}`)}
              who={<Organisations ids={[due === 'acknowledge' ? recipientId : organisationId]} names={names} />}
              {...(steps.includes(due) ? { to: path(due), button: t(`stewarding:do.deliveries.${due}`) } : {})}
            />
          )}
          {pendingApproval === undefined ? null : <p className="notice warning">{t('stewarding:otherSide')}</p>}
          <ul>
            {steps
              .filter((step) => step !== due)
              .map((step) => (
                <li key={step}>
                  <a href={href(path(step))}>{t(`stewarding:do.deliveries.${step}`)}</a>
                </li>
              ))}
          </ul>
        </aside>
      </div>
    </ProjectFrame>
  );
}

function Quantities({ delivery, names }: { delivery: Delivery; names: Names }) {
  const { quantity, unit, accepted, organisationId, recipientId, recordedAt, place } = delivery;
  return (
    <dl className="facts">
      <Fact name="quantity">
        <Quantity value={quantity} unit={unit} />
      </Fact>
      {accepted === undefined ? null : (
        <Fact name="accepted">
          <Quantity value={accepted} unit={unit} />
        </Fact>
      )}
      <Fact name="from">
        <Organisation id={organisationId} names={names} />
      </Fact>
      <Fact name="to">
        <Organisation id={recipientId} names={names} />
      </Fact>
      <Fact name="at">
        <When at={recordedAt} time />
      </Fact>
      {place === undefined ? null : <Fact name="place">{<bdi>{place}</bdi>}</Fact>}
    </dl>
  );
}

function Rejected({ delivery: { rejected, unit } }: { delivery: Delivery }) {
  const t = useT();
  if (rejected.length === 0) return null;
  return (
    <section aria-labelledby="rejected">
      <h2 id="rejected">{t('stewarding:deliveries.rejected')}</h2>
      <ul>
        {rejected.map(({ quantity, reason }, index) => (
          <li key={index}>
            <Quantity value={quantity} unit={unit} />: <span dir="auto">{reason.text}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  const t = useT();
  return (
    <div>
      <dt>{t(`stewarding:deliveries.${name}`)}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** What those concerned may see of how it was delivered (R48). */
function Proof({ delivery: { evidence } }: { delivery: Delivery }) {
  const t = useT();
  const { locale } = useFacts();
  if (evidence === undefined) return null;
  if (evidence.kind === 'expertise') {
    return (
      <DataTable
        caption={t('stewarding:field.log')}
        rows={evidence.log.map((row, index) => ({ ...row, key: String(index) }))}
        rowKey={({ key }) => key}
        columns={[
          { key: 'day', label: t('stewarding:field.day'), heads: true, cell: ({ day }) => <When at={day} /> },
          { key: 'who', label: t('stewarding:field.pseudonym'), cell: ({ pseudonym }) => <bdi>{pseudonym}</bdi> },
          { key: 'hours', label: t('stewarding:field.hours'), number: true, cell: ({ hours }) => numberText(locale, hours) },
          { key: 'work', label: t('stewarding:field.work'), cell: ({ work }) => <span dir="auto">{work}</span> },
        ]}
      />
    );
  }
  const rows: readonly (readonly [string, React.ReactNode])[] =
    evidence.kind === 'funding'
      ? [
          ['paidOn', <When at={evidence.paidOn} />],
          ['reference', <bdi>{evidence.reference}</bdi>],
        ]
      : evidence.kind === 'in_kind'
        ? [
            ['deliveredOn', <When at={evidence.deliveredOn} />],
            ['place', <bdi>{evidence.place ?? '–'}</bdi>],
          ]
        : [
            ['deliveredOn', <When at={evidence.handedOverOn} />],
            ['records', numberText(locale, evidence.records)],
            ['checksum', <code dir="ltr">{evidence.sha256}</code>],
          ];
  return (
    <dl className="facts">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{t(`stewarding:field.${name}`)}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
