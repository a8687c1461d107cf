import { DataTable, EmptyState, Num, numberText, Quantity, StackedBar, StateBadge } from '../../components/index.js';
import { useFacts, useHref, useT } from '../../facts.js';
import { NeedCard } from '../needs/need-card.js';
import type { totalsFor, UnitTotal } from './totals.server.js';

type Given = Awaited<ReturnType<typeof totalsFor>>;

const FIGURES = ['target', 'pledged', 'confirmed', 'delivered', 'gap'] as const;

/** What is wanted and what is missing, by unit: bars and the same numbers as a table. */
function Gaps({ totals, summed }: Pick<Given, 'totals' | 'summed'>) {
  const t = useT();
  const { locale } = useFacts();
  return (
    <section aria-labelledby="gaps">
      <h2 id="gaps">{t('lists:totals.gaps')}</h2>
      <p className="hint">
        {t('lists:totals.covers', { shown: numberText(locale, summed.needs) })} {summed.all ? '' : t('lists:totals.partly')}
      </p>
      <ul className="lines">
        {totals.map(({ kind, unit, target, pledged, confirmed, delivered }) => (
          <li key={`${kind} ${unit}`}>
            <h3>
              {t(`words:lineKind.${kind}`)} <span className="mark">{/^[A-Z]{3}$/u.test(unit) ? <bdi>{unit}</bdi> : null}</span>
            </h3>
            <StackedBar
              label={t(`words:lineKind.${kind}`)}
              total={target}
              unit={unit}
              parts={[
                { kind: 'pledged', label: t('lists:figure.pledged'), value: pledged },
                { kind: 'committed', label: t('lists:figure.confirmed'), value: confirmed },
                { kind: 'delivered', label: t('lists:figure.delivered'), value: delivered },
              ]}
            />
          </li>
        ))}
      </ul>
      <DataTable
        caption={t('lists:totals.caption')}
        rows={totals}
        rowKey={({ kind, unit }) => `${kind} ${unit}`}
        columns={[
          { key: 'kind', label: t('lists:totals.kind'), heads: true, cell: ({ kind }) => t(`words:lineKind.${kind}`) },
          ...FIGURES.map((figure) => ({
            key: figure,
            label: t(`lists:figure.${figure}`),
            number: true,
            cell: (total: UnitTotal) => <Quantity value={total[figure]} unit={total.unit} />,
          })),
        ]}
      />
    </section>
  );
}

function States({ kind, filter, states }: { kind: 'need' | 'project'; filter: string; states: Given['goals'] }) {
  const href = useHref();
  return (
    <ul className="chips">
      {states.map(({ value, count }) => (
        <li key={value}>
          <a href={`${href(`/${kind}s`)}?${filter}&status=${value}`}>
            <StateBadge kind={kind} state={value} />
          </a>{' '}
          <span className="count">
            (<Num value={count} />)
          </span>
        </li>
      ))}
    </ul>
  );
}

interface TotalsProps {
  readonly given: Given;
  readonly ofNeeds: string;
  readonly ofProjects: string;
  readonly ofOrganisations: string;
}

/** The body of a page about a goal or a country. `ofNeeds` and the others are the filters of the lists behind it. */
export function Totals({ given, ofNeeds, ofProjects, ofOrganisations }: TotalsProps) {
  const t = useT();
  const href = useHref();
  const { locale } = useFacts();
  const { needs, projects, organisations, totals, summed, owners } = given;
  const many = (count: Given['organisations']) => ({
    shown: `${numberText(locale, count?.value ?? 0)}${count?.more ? '+' : ''}`,
  });
  return (
    <>
      {totals.length === 0 ? null : <Gaps totals={totals} summed={summed} />}
      <section aria-labelledby="needs">
        <h2 id="needs">{t('lists:totals.needs', many(needs.count))}</h2>
        {needs.items.length === 0 ? (
          <EmptyState title={t('lists:totals.noNeeds')} to="/needs" action={t('lists:totals.allNeeds')}>
            {t('lists:totals.noNeedsText')}
          </EmptyState>
        ) : (
          <>
            <States kind="need" filter={ofNeeds} states={needs.states} />
            <ul className="cards">
              {needs.items.map((need) => (
                <NeedCard key={need.id} need={need} owner={owners[need.organisationId]} />
              ))}
            </ul>
            <p>
              <a href={`${href('/needs')}?${ofNeeds}`}>{t('lists:totals.allNeeds')}</a>
            </p>
          </>
        )}
      </section>
      {projects.items.length === 0 ? null : (
        <section aria-labelledby="projects">
          <h2 id="projects">{t('lists:totals.projects', many(projects.count))}</h2>
          <States kind="project" filter={ofProjects} states={projects.states} />
          <ul>
            {projects.items.map(({ id, title, status, accepted }) => (
              <li key={id}>
                <a href={href(`/projects/${id}`)}>
                  <bdi>{title}</bdi>
                </a>{' '}
                <StateBadge kind="project" state={status} />{' '}
                <span className="mark">
                  {t('lists:feed.accepted', { share: numberText(locale, accepted / 100, { style: 'percent' }) })}
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
      <p>
        <a href={`${href('/organisations')}?${ofOrganisations}`}>{t('lists:totals.organisations', many(organisations))}</a>
      </p>
    </>
  );
}
