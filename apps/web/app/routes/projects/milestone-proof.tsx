import { DataTable, Num, When } from '../../components/index.js';
import { useT } from '../../facts.js';
import type { Milestone, Names } from './board.js';
import { Organisation } from './frame.js';

/** What must be reached. */
export function Criteria({ milestone: { criteria } }: { milestone: Milestone }) {
  const t = useT();
  return (
    <section aria-labelledby="criteria">
      <h2 id="criteria">{t('projects:criteria.title')}</h2>
      <DataTable
        caption={t('projects:criteria.caption')}
        captionHidden
        rows={criteria}
        rowKey={({ criterion }) => criterion}
        columns={[
          {
            key: 'criterion',
            label: t('projects:criteria.one'),
            heads: true,
            cell: ({ criterion }) => <span dir="auto">{criterion}</span>,
          },
          {
            key: 'quantity',
            label: t('projects:criteria.quantity'),
            number: true,
            cell: ({ quantity }) => <Num value={quantity} />,
          },
          { key: 'unit', label: t('projects:criteria.unit'), cell: ({ unit }) => <bdi>{unit}</bdi> },
        ]}
      />
    </section>
  );
}

/** Files that prove it. */
export function EvidenceList({ milestone: { evidence } }: { milestone: Milestone }) {
  const t = useT();
  return (
    <section aria-labelledby="evidence">
      <h2 id="evidence">{t('projects:evidence.title')}</h2>
      {evidence.length === 0 ? (
        <p>{t('projects:evidence.none')}</p>
      ) : (
        <DataTable
          caption={t('projects:evidence.caption')}
          captionHidden
          rows={evidence}
          rowKey={({ sha256 }) => sha256}
          columns={[
            {
              key: 'caption',
              label: t('projects:evidence.one'),
              heads: true,
              cell: ({ sha256, caption }) => (
                <a href={`/api/v1/files/${sha256}`}>
                  <bdi>{caption}</bdi>
                </a>
              ),
            },
            { key: 'captured', label: t('projects:evidence.captured'), cell: ({ capturedOn }) => <When at={capturedOn} /> },
            { key: 'licence', label: t('projects:evidence.licence'), cell: ({ licence }) => <bdi>{licence}</bdi> },
            { key: 'hash', label: 'SHA-256', cell: ({ sha256 }) => <code dir="ltr">{sha256.slice(0, 12)}…</code> },
          ]}
        />
      )}
    </section>
  );
}

/** Who signed in this round, and whose signature is awaited. */
export function SignOffs({ milestone: { signers, signatures, status }, names }: { milestone: Milestone; names: Names }) {
  const t = useT();
  const signed = ({ role, organisationId }: (typeof signers)[number]) =>
    signatures.find((one) => one.role === role && one.organisationId === organisationId);
  return (
    <section aria-labelledby="sign-offs">
      <h2 id="sign-offs">{t('projects:signOffs.title')}</h2>
      <DataTable
        caption={t('projects:signOffs.caption')}
        captionHidden
        rows={signers}
        rowKey={({ role, organisationId }) => `${role}-${organisationId}`}
        columns={[
          { key: 'role', label: t('projects:column.role'), heads: true, cell: ({ role }) => t(`projects:role.${role}`) },
          {
            key: 'who',
            label: t('projects:column.organisation'),
            cell: ({ organisationId }) => <Organisation id={organisationId} names={names} />,
          },
          {
            key: 'signed',
            label: t('projects:signOffs.signed'),
            cell: (signer) => {
              const given = signed(signer);
              if (given) return <When at={given.at} time />;
              return status === 'submitted' ? t('projects:signOffs.awaited') : t('projects:signOffs.notYet');
            },
          },
        ]}
      />
    </section>
  );
}
