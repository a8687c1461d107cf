import { useFacts, useT } from '../facts.js';

/** A goal by number and name; its colour is an edge beside them and never carries meaning alone. */
export function SdgMark({ goal, short }: { goal: string; short?: boolean }) {
  const t = useT();
  return (
    <span className={`sdg sdg-${goal}`}>
      <bdi>
        <b>{goal}</b> {short ? <span className="visually-hidden">{t(`sdg:goal.${goal}`)}</span> : t(`sdg:goal.${goal}`)}
      </bdi>
    </span>
  );
}

/** The goals of some targets, each once, with the targets behind their names. */
export function SdgList({ targets }: { targets: readonly string[] }) {
  const { locale } = useFacts();
  const goals = new Map<string, string[]>();
  for (const target of targets) {
    const goal = target.split('.')[0] ?? target;
    goals.set(goal, [...(goals.get(goal) ?? []), ...(target === goal ? [] : [target])]);
  }
  const list = new Intl.ListFormat(locale, { type: 'unit' });
  return (
    <ul className="sdg-list">
      {[...goals].map(([goal, parts]) => (
        <li key={goal}>
          <SdgMark goal={goal} /> {parts.length === 0 ? null : <bdi className="mark">{list.format(parts)}</bdi>}
        </li>
      ))}
    </ul>
  );
}
