import { countryName, Num, SdgMark } from '../../components/index.js';
import { useFacts, useHref, useT } from '../../facts.js';

type Counted = readonly { readonly value: string; readonly count: number }[];

/** Countries with needs, by name in the reader's order. */
export function CountryLinks({ countries }: { countries: Counted }) {
  const t = useT();
  const href = useHref();
  const { locale } = useFacts();
  if (countries.length === 0) return null;
  const named = countries.map(({ value, count }) => ({ value, count, name: countryName(locale, value) }));
  named.sort((a, b) => a.name.localeCompare(b.name, locale));
  return (
    <section aria-labelledby="countries">
      <h2 id="countries">{t('lists:country.list')}</h2>
      <ul className="goal-list">
        {named.map(({ value, count, name }) => (
          <li key={value}>
            <a href={href(`/countries/${value}`)}>{name}</a>{' '}
            <span className="count">
              (<Num value={count} />)
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Goals with needs. */
export function GoalLinks({ goals }: { goals: Counted }) {
  const t = useT();
  const href = useHref();
  if (goals.length === 0) return null;
  return (
    <section aria-labelledby="goals">
      <h2 id="goals">{t('lists:goal.list')}</h2>
      <ul className="goal-list">
        {[...goals]
          .sort((a, b) => Number(a.value) - Number(b.value))
          .map(({ value, count }) => (
            <li key={value}>
              <a href={href(`/sdgs/${value}`)}>
                <SdgMark goal={value} />
              </a>{' '}
              <span className="count">
                (<Num value={count} />)
              </span>
            </li>
          ))}
      </ul>
    </section>
  );
}
