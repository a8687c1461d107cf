import { DataTable, languageName, Money, Num, Quantity, When } from '../../components/index.js';
import { useFacts, useT } from '../../facts.js';
import type { Kind, Pledge } from './offer.js';

type Terms = Pledge['terms'];
type Row = readonly [field: string, value: React.ReactNode];

/** What is offered and on which terms; the same on the check page, before a decision and on the pledge itself. */
export function OfferFacts({
  unit,
  quantity,
  counted,
  lineUnit,
  terms,
  validUntil,
}: {
  readonly unit: string;
  readonly quantity: number;
  readonly counted?: number | undefined;
  readonly lineUnit: string;
  readonly terms: Terms;
  readonly validUntil?: string | undefined;
}) {
  const t = useT();
  const rows: Row[] = [
    ['quantity', <Quantity key="q" value={quantity} unit={unit} />],
    ...(counted === undefined || unit === lineUnit
      ? []
      : [['counted', <Quantity key="c" value={counted} unit={lineUnit} />] as const]),
    ...useTermRows(terms),
    ...(validUntil === undefined ? [] : [['validUntil', <When key="v" at={validUntil} />] as const]),
  ];
  const instalments = 'schedule' in terms && terms.schedule.type === 'by_date' ? terms.schedule.instalments : [];
  return (
    <>
      <dl className="facts">
        {rows.map(([field, value]) => (
          <div key={field}>
            <dt>{t(`pledging:field.${field}`)}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {instalments.length === 0 ? null : (
        <DataTable
          caption={t('pledging:instalments.planned')}
          rows={instalments.map((one, index) => ({ ...one, index }))}
          rowKey={({ index }) => String(index)}
          columns={[
            { key: 'dueOn', label: t('pledging:field.dueOn'), heads: true, cell: ({ dueOn }) => <When at={dueOn} /> },
            {
              key: 'amount',
              label: t('pledging:field.amount'),
              number: true,
              cell: ({ quantity: part }) => <Quantity value={part} unit={unit} />,
            },
          ]}
        />
      )}
    </>
  );
}

const money = (value: { readonly amount: number; readonly currency: string } | undefined): Row[] =>
  value ? [['unitValue', <Money key="u" minor={value.amount} currency={value.currency} />]] : [];

function useTermRows(terms: Terms): Row[] {
  const t = useT();
  const { locale } = useFacts();
  if ('schedule' in terms) {
    const { instrument, earmarking, schedule, exchange } = terms;
    return [
      ['instrument', t(`pledging:instrument.${instrument}`)],
      ['earmarking', t(`pledging:earmarking.${earmarking}`)],
      ['schedule', t(`pledging:schedule.${schedule.type}`)],
      ...(exchange
        ? ([
            ['rate', <bdi key="r">{exchange.rate}</bdi>],
            ['rateDate', <When key="d" at={exchange.rateDate} />],
            ['source', <bdi key="s">{exchange.source}</bdi>],
          ] as Row[])
        : []),
    ];
  }
  if ('skill' in terms) {
    const languages = terms.languages.map((tag) => languageName(locale, tag));
    return [
      ['skill', <bdi key="s">{terms.skill}</bdi>],
      ['role', <bdi key="r">{terms.role}</bdi>],
      ['aidType', t(`pledging:aidType.${terms.aidType}`)],
      ['languages', new Intl.ListFormat(locale, { type: 'unit' }).format(languages)],
      ['remote', t(`pledging:remote.${terms.remote ? 'yes' : 'no'}`)],
      ['from', <When key="f" at={terms.from} />],
      ['until', <When key="u" at={terms.until} />],
      ...money(terms.unitValue),
    ];
  }
  if ('valuation' in terms)
    return [
      ['item', <bdi key="i">{terms.item}</bdi>],
      ['valuation', t(`pledging:valuation.${terms.valuation}`)],
      ...money(terms.unitValue),
    ];
  return [
    ['title', <bdi key="t">{terms.title}</bdi>],
    ['format', <bdi key="f">{terms.format}</bdi>],
    ['licence', <bdi key="l">{terms.licence}</bdi>],
    ['records', <Num key="r" value={terms.records} />],
    ['personalData', t(`pledging:personalData.${terms.personalData}`)],
    [
      'sha256',
      <code key="s" dir="ltr">
        {terms.sha256}
      </code>,
    ],
  ];
}

/** Unit in which a kind counts, where it is not money. */
export const UNIT_OF: Readonly<Record<Exclude<Kind, 'funding'>, string>> = { expertise: 'hour', in_kind: 'item', data: 'dataset' };
