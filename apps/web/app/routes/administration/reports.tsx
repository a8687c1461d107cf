import { DataTable, Notice, Num, numberText } from '../../components/index.js';
import { useFacts, useT } from '../../facts.js';

/** What the verification of a context found: `POST /operations/{context}/verification`. */
export interface Report {
  readonly context: string;
  readonly ok: boolean;
  readonly checks: readonly {
    readonly name: string;
    readonly checked: number;
    readonly differences: number;
    readonly first: readonly { readonly where: string; readonly what: string }[];
  }[];
  readonly hash: string;
  readonly seconds: number;
}

/** Reports of the contexts that were verified, check by check. */
export function Reports({ reports }: { reports: readonly Report[] }) {
  const t = useT();
  const { locale } = useFacts();
  return (
    <section aria-labelledby="reports">
      <h2 id="reports">{t('administration:report.title')}</h2>
      {reports.map(({ context, ok, checks, hash, seconds }) => (
        <div key={context}>
          <Notice kind={ok ? 'success' : 'warning'} title={t(`administration:context.${context}`)}>
            <p>
              {t(ok ? 'administration:report.ok' : 'administration:report.differs')} · {t('administration:report.seconds')}{' '}
              <bdi>{numberText(locale, seconds, { maximumFractionDigits: 1 })}</bdi>
            </p>
            <p>
              <code dir="ltr">{hash}</code>
            </p>
          </Notice>
          <DataTable
            caption={t(`administration:context.${context}`)}
            captionHidden
            rows={checks}
            rowKey={({ name }) => name}
            columns={[
              {
                key: 'name',
                label: t('administration:report.check'),
                heads: true,
                cell: ({ name }) => <bdi dir="ltr">{name}</bdi>,
              },
              {
                key: 'checked',
                label: t('administration:report.checked'),
                number: true,
                cell: ({ checked }) => <Num value={checked} />,
              },
              {
                key: 'differences',
                label: t('administration:report.differences'),
                number: true,
                cell: ({ differences }) => <Num value={differences} />,
              },
              {
                key: 'first',
                label: t('administration:report.first'),
                cell: ({ first }) => (
                  <bdi dir="ltr">{first.length === 0 ? '–' : first.map(({ where, what }) => `${where}: ${what}`).join('; ')}</bdi>
                ),
              },
            ]}
          />
        </div>
      ))}
    </section>
  );
}
