import type { VerificationRequest } from '@concord/contracts';
import type { z } from 'zod';
import { When } from '../../components/index.js';
import { useT } from '../../facts.js';

/** What an organisation handed in to be verified; names people, so only its administrators and the registrars see it. */
export function Checklist({ request }: { request: z.output<typeof VerificationRequest> }) {
  const t = useT();
  const { checklist, requestedAt } = request;
  const { legalExistence, identifier, contact, sanctions, signatories } = checklist;
  const rows: readonly (readonly [string, React.ReactNode])[] = [
    [t('account:check.requested'), <When key="at" at={requestedAt} time />],
    [
      t('account:check.legalExistence'),
      <span key="legal" dir="auto">
        {legalExistence}
      </span>,
    ],
    [
      t('account:check.identifier'),
      <bdi key="identifier" dir="ltr">
        {identifier}
      </bdi>,
    ],
    [
      t('account:check.contact.title'),
      <span key="contact">
        <bdi>{contact.name}</bdi> · <bdi dir="ltr">{contact.email}</bdi>
      </span>,
    ],
    [
      t('account:check.sanctions.title'),
      <span key="sanctions">
        {t(`account:sanctions.${sanctions.result}`)} · <bdi>{sanctions.source}</bdi> · <When at={sanctions.checkedOn} />
      </span>,
    ],
    [
      t('account:check.signatories'),
      <ul key="signatories">
        {signatories.map((name) => (
          <li key={name}>
            <bdi>{name}</bdi>
          </li>
        ))}
      </ul>,
    ],
  ];
  return (
    <section aria-labelledby="checklist">
      <h2 id="checklist">{t('account:check.title')}</h2>
      <dl className="facts">
        {rows.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
