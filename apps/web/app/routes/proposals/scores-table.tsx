import { DataTable, Num, numberText } from '../../components/index.js';
import { useFacts, useT } from '../../facts.js';
import type { Need, Scores } from './proposal.server.js';

/** A result in hundredths of a point, as people read it. */
export function Points({ hundredths }: { hundredths: number | undefined }) {
  const { locale } = useFacts();
  if (hundredths === undefined) return <>–</>;
  return (
    <bdi className="amount">{numberText(locale, hundredths / 100, { minimumFractionDigits: 2, maximumFractionDigits: 2 })}</bdi>
  );
}

/** Marks by criterion and reviewer, each result, and the mean of those that count. */
export function ScoresTable({ scores, need }: { readonly scores: Scores; readonly need: Need }) {
  const t = useT();
  const { sheets, fullCount, meanScore } = scores;
  if (sheets.length === 0) return <p>{t('proposals:scores.none')}</p>;
  const rows = sheets.map((sheet, index) => ({ ...sheet, index }));
  return (
    <>
      <DataTable
        caption={t('proposals:scores.caption')}
        rows={rows}
        rowKey={({ index }) => String(index)}
        columns={[
          {
            key: 'who',
            label: t('proposals:scores.reviewer'),
            heads: true,
            cell: ({ index }) => <bdi>{t('proposals:scores.number', { number: index + 1 })}</bdi>,
          },
          ...need.criteria.map(({ criterionId, title, weight }) => ({
            key: criterionId,
            label: (
              <>
                <bdi>{title}</bdi> (<Num value={weight} />)
              </>
            ),
            number: true,
            cell: ({ marks }: (typeof rows)[number]) => {
              const mark = marks.find((one) => one.criterionId === criterionId);
              return mark ? <Num value={mark.mark} /> : '–';
            },
          })),
          {
            key: 'result',
            label: t('proposals:scores.result'),
            number: true,
            cell: ({ result }) => <Points hundredths={result} />,
          },
          {
            key: 'counts',
            label: t('proposals:scores.counts'),
            cell: ({ counts }) => t(counts ? 'proposals:scores.yes' : 'proposals:scores.no'),
          },
        ]}
      />
      <p>
        {t('proposals:scores.full', { count: fullCount })} {t('proposals:scores.mean')} <Points hundredths={meanScore} />
      </p>
    </>
  );
}
