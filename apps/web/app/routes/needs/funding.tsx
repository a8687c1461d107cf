import type { NeedFunding } from '@concord/contracts';
import type { z } from 'zod';
import { DataTable, percentText, Quantity, StackedBar } from '../../components/index.js';
import { useFacts, useT } from '../../facts.js';

type Line = z.output<typeof NeedFunding>['lines'][number];

const FIGURES = ['target', 'pledged', 'confirmed', 'delivered', 'gap'] as const;

/** Each line with its bar, then the same numbers as one table, and what each figure means. */
export function Funding({ needId, lines }: { needId: string; lines: readonly Line[] }) {
  const t = useT();
  const { locale } = useFacts();
  return (
    <>
      <ul className="lines">
        {lines.map(({ id, kind, title, unit, target, pledged, confirmed, delivered, minimum }) => (
          <li key={id} id={`line-${id}`}>
            <h3>
              <bdi>{title}</bdi> <span className="mark">{t(`words:lineKind.${kind}`)}</span>
            </h3>
            <StackedBar
              label={title}
              total={target}
              unit={unit}
              minimum={minimum}
              parts={[
                { kind: 'pledged', label: t('needs:figure.pledged'), value: pledged },
                { kind: 'committed', label: t('needs:figure.confirmed'), value: confirmed },
                { kind: 'delivered', label: t('needs:figure.delivered'), value: delivered },
              ]}
            />
            <p className="meta">
              <span>
                <Quantity value={delivered} unit={unit} /> {t('needs:figure.ofTarget')} <Quantity value={target} unit={unit} /> (
                <bdi>{percentText(locale, delivered, target)}</bdi>)
              </span>
              {minimum === undefined ? null : (
                <span>
                  {t('needs:figure.minimum')} <Quantity value={minimum} unit={unit} />
                </span>
              )}
            </p>
          </li>
        ))}
      </ul>
      <DataTable
        caption={t('needs:lines.caption')}
        rows={lines}
        rowKey={({ id }) => id}
        columns={[
          { key: 'title', label: t('needs:lines.line'), heads: true, cell: ({ title }) => <bdi>{title}</bdi> },
          ...FIGURES.map((figure) => ({
            key: figure,
            label: <a href={`#means-${figure}`}>{t(`needs:figure.${figure}`)}</a>,
            number: true,
            cell: (line: Line) => <Quantity value={line[figure]} unit={line.unit} />,
          })),
        ]}
      />
      <p>
        <a href={`/api/v1/needs/${needId}/funding`}>{t('needs:lines.json')}</a>
      </p>
      <details className="means">
        <summary>{t('needs:figure.meaning')}</summary>
        <dl className="facts">
          {FIGURES.map((figure) => (
            <div key={figure} id={`means-${figure}`}>
              <dt>{t(`needs:figure.${figure}`)}</dt>
              <dd>{t(`needs:means.${figure}`)}</dd>
            </div>
          ))}
        </dl>
      </details>
    </>
  );
}
